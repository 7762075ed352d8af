package dev.atoll.isolation.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The encoded form of {@link SpawnRequest}: 24 fixed bytes (their own length u16, flags u16, umask u32, argc u32, envc u32, resource limits
 * u32, zero u32), the resource limits (u32 kind, u64 soft, u64 hard), then NUL-terminated strings: user, working directory, arguments,
 * environment.
 */
final class SpawnCodec {
    static final int STDIN = 1;
    static final int INHERIT_ENVIRONMENT = 2;

    private SpawnCodec() {}

    static ByteBuffer encode(SpawnRequest request) {
        ByteBuffer out = ByteBuffer.allocate(GuestProtocol.MAX_SPAWN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int flags = (request.stdin() ? STDIN : 0) | (request.inheritEnvironment() ? INHERIT_ENVIRONMENT : 0);
        out.putShort((short) SpawnRequestException.FIXED_BYTES).putShort((short) flags);
        out.putInt(request.umask()).putInt(request.argv().size());
        out.putInt(request.environment().size())
                .putInt(request.resourceLimits().size())
                .putInt(0);
        for (ResourceLimit limit : request.resourceLimits()) {
            out.putInt(limit.kind().number()).putLong(limit.soft()).putLong(limit.hard());
        }
        put(out, request.user());
        put(out, request.workingDirectory());
        request.argv().forEach(argument -> put(out, argument));
        for (Map.Entry<String, String> variable : request.environment().entrySet()) {
            put(out, variable.getKey() + "=" + variable.getValue());
        }
        return out.flip();
    }

    private static void put(ByteBuffer out, String text) {
        out.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    }
}
