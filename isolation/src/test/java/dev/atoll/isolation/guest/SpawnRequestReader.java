package dev.atoll.isolation.guest;

import dev.atoll.model.exec.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads an encoded spawn the way the guest does. */
final class SpawnRequestReader {
    private SpawnRequestReader() {}

    static SpawnRequest read(ByteBuffer in) {
        int fixed = in.getShort();
        boolean more = fixed == SpawnRequestException.LONG_BYTES;
        if (!more && fixed != SpawnRequestException.FIXED_BYTES) {
            throw new AssertionError("fixed part of " + fixed);
        }
        int flags = in.getShort();
        int umask = in.getInt();
        int argc = in.getInt();
        int envc = in.getInt();
        int limitCount = in.getInt();
        in.getInt();
        int rows = more ? in.getShort() & 0xffff : 0;
        int columns = more ? in.getShort() & 0xffff : 0;
        int processes = more ? in.getInt() : 0;
        int groupCount = more ? in.getShort() : 0;
        int nice = more ? in.getShort() : 0;
        if (more) {
            in.getInt();
        }
        List<ResourceLimit> limits = new ArrayList<>();
        for (int i = 0; i < limitCount; i++) {
            int number = in.getInt();
            ResourceLimit.Kind kind = Arrays.stream(ResourceLimit.Kind.values())
                    .filter(k -> k.number() == number)
                    .findFirst()
                    .orElseThrow();
            limits.add(new ResourceLimit(kind, in.getLong(), in.getLong()));
        }
        String user = text(in);
        String directory = text(in);
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < groupCount; i++) {
            groups.add(text(in));
        }
        List<String> argv = new ArrayList<>();
        for (int i = 0; i < argc; i++) {
            argv.add(text(in));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < envc; i++) {
            String variable = text(in);
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        if (in.hasRemaining()) {
            throw new AssertionError(in.remaining() + " bytes too many");
        }
        boolean inherit = (flags & SpawnCodec.INHERIT_ENVIRONMENT) != 0;
        boolean stdin = (flags & SpawnCodec.STDIN) != 0;
        return new SpawnRequest(
                argv,
                environment,
                inherit,
                directory,
                user,
                groups,
                stdin,
                rows == 0 ? Optional.empty() : Optional.of(new TerminalSize(rows, columns)),
                umask,
                limits,
                processes == 0 ? OptionalInt.empty() : OptionalInt.of(processes),
                nice);
    }

    private static String text(ByteBuffer in) {
        int start = in.position();
        while (in.get() != 0) {
            continue;
        }
        byte[] bytes = new byte[in.position() - start - 1];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
