package dev.atoll.isolation.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The encoded form of {@link SpawnRequest}: 24 fixed bytes (their own length u16, flags u16, umask u32, argc u32, envc u32, resource limits
 * u32, zero u32), the resource limits (u32 kind, u64 soft, u64 hard), then NUL-terminated strings: user, working directory, arguments,
 * environment.
 */
final class SpawnCodec {
    static final int STDIN = 1;
    static final int INHERIT_ENVIRONMENT = 2;
    static final int AWAITED = 4;

    private SpawnCodec() {}

    /** {@code awaited}: the start may be told late. */
    static ByteBuffer encode(SpawnRequest request, boolean awaited) {
        List<byte[]> strings = strings(request);
        int size = SpawnRequestException.FIXED_BYTES
                + SpawnRequestException.RESOURCE_LIMIT_BYTES
                        * request.resourceLimits().size();
        for (byte[] string : strings) {
            size += string.length + 1;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        int flags = (request.stdin() ? STDIN : 0)
                | (request.inheritEnvironment() ? INHERIT_ENVIRONMENT : 0)
                | (awaited ? AWAITED : 0);
        out.putShort((short) SpawnRequestException.FIXED_BYTES).putShort((short) flags);
        out.putInt(request.umask()).putInt(request.argv().size());
        out.putInt(request.environment().size())
                .putInt(request.resourceLimits().size())
                .putInt(0);
        for (ResourceLimit limit : request.resourceLimits()) {
            out.putInt(limit.kind().number()).putLong(limit.soft()).putLong(limit.hard());
        }
        for (byte[] string : strings) {
            out.put(string).put((byte) 0);
        }
        return out.flip();
    }

    private static List<byte[]> strings(SpawnRequest request) {
        List<byte[]> strings = new ArrayList<>();
        strings.add(bytes(request.user()));
        strings.add(bytes(request.workingDirectory()));
        for (String argument : request.argv()) {
            strings.add(bytes(argument));
        }
        for (Map.Entry<String, String> variable : request.environment().entrySet()) {
            strings.add(bytes(variable.getKey() + "=" + variable.getValue()));
        }
        return strings;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
