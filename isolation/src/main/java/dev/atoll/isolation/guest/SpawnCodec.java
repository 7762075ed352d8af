package dev.atoll.isolation.guest;

import dev.atoll.model.exec.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The encoded form of {@link SpawnRequest}: 24 fixed bytes (their own length u16, flags u16, umask u32, argc u32, envc u32, resource limits
 * u32, zero u32) and 16 more when something of version 2 is asked for (rows u16, columns u16, processes u32, groups u16, nice u16, zero
 * u32), the resource limits (u32 kind, u64 soft, u64 hard), then NUL-terminated strings: user, working directory, groups, arguments,
 * environment.
 */
final class SpawnCodec {
    static final int STDIN = 1;
    static final int INHERIT_ENVIRONMENT = 2;
    static final int AWAITED = 4;
    static final int TERMINAL = 8;

    private SpawnCodec() {}

    static boolean needsVersion2(SpawnRequest request) {
        return request.terminal().isPresent()
                || !request.groups().isEmpty()
                || request.processes().isPresent()
                || request.nice() != 0;
    }

    /** {@code awaited}: the start may be told late. */
    static ByteBuffer encode(SpawnRequest request, boolean awaited) {
        List<byte[]> strings = strings(request);
        boolean more = needsVersion2(request);
        int fixed = more ? SpawnRequestException.LONG_BYTES : SpawnRequestException.FIXED_BYTES;
        int size = fixed
                + SpawnRequestException.RESOURCE_LIMIT_BYTES
                        * request.resourceLimits().size();
        for (byte[] string : strings) {
            size += string.length + 1;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        int flags = (request.stdin() ? STDIN : 0)
                | (request.inheritEnvironment() ? INHERIT_ENVIRONMENT : 0)
                | (awaited ? AWAITED : 0)
                | (request.terminal().isPresent() ? TERMINAL : 0);
        out.putShort((short) fixed).putShort((short) flags);
        out.putInt(request.umask()).putInt(request.argv().size());
        out.putInt(request.environment().size())
                .putInt(request.resourceLimits().size())
                .putInt(0);
        if (more) {
            putMore(request, out);
        }
        for (ResourceLimit limit : request.resourceLimits()) {
            out.putInt(limit.kind().number()).putLong(limit.soft()).putLong(limit.hard());
        }
        for (byte[] string : strings) {
            out.put(string).put((byte) 0);
        }
        return out.flip();
    }

    private static void putMore(SpawnRequest request, ByteBuffer out) {
        out.putShort(
                (short) request.terminal().map(TerminalSize::rows).orElse(0).intValue());
        out.putShort(
                (short) request.terminal().map(TerminalSize::columns).orElse(0).intValue());
        out.putInt(request.processes().orElse(0));
        out.putShort((short) request.groups().size())
                .putShort((short) request.nice())
                .putInt(0);
    }

    private static List<byte[]> strings(SpawnRequest request) {
        List<byte[]> strings = new ArrayList<>();
        strings.add(bytes(request.user()));
        strings.add(bytes(request.workingDirectory()));
        for (String group : request.groups()) {
            strings.add(bytes(group));
        }
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
