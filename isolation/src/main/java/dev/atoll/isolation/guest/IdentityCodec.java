package dev.atoll.isolation.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The encoded form of {@link GuestIdentity}: fields of part u32, length u32, value. A variable is a field each, after an empty one that
 * says the environment is replaced.
 */
final class IdentityCodec {
    private IdentityCodec() {}

    static ByteBuffer encode(GuestIdentity identity) {
        ByteBuffer out = ByteBuffer.allocate(GuestProtocol.MAX_IDENTITY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        identity.hostname().ifPresent(name -> put(out, GuestIdentity.Part.HOSTNAME, name));
        identity.machineId().ifPresent(id -> put(out, GuestIdentity.Part.MACHINE_ID, id));
        identity.environment().ifPresent(variables -> {
            put(out, GuestIdentity.Part.ENVIRONMENT, "");
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                put(out, GuestIdentity.Part.ENVIRONMENT, variable.getKey() + "=" + variable.getValue());
            }
        });
        return out.flip();
    }

    static GuestIdentity.Outcome outcome(GuestFrame.Reply reply) {
        GuestIdentity.Part[] parts = GuestIdentity.Part.values();
        if (reply.errno() == 0) {
            return new GuestIdentity.Outcome(Optional.empty(), 0);
        }
        if (reply.detail() < 1 || reply.detail() > parts.length) {
            throw new GuestProtocolException(GuestProtocolException.Violation.FIELD, "no such part of an identity");
        }
        return new GuestIdentity.Outcome(Optional.of(parts[reply.detail() - 1]), reply.errno());
    }

    private static void put(ByteBuffer out, GuestIdentity.Part part, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(part.ordinal() + 1).putInt(bytes.length).put(bytes);
    }
}
