package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both sides mean the same by every number. */
class ProtocolNumbersTest {
    private static final Pattern DEFINE = Pattern.compile("#define (\\w+) (0x[0-9A-Fa-f]+|\\d+)u?\\b");
    private static final Pattern ENUM = Pattern.compile("enum (\\w+) \\{([^}]*)}");

    private static String header() throws Exception {
        return Files.readString(SanitizedBuild.sources().resolve("protocol.h"));
    }

    private static Map<String, Integer> defines() throws Exception {
        Map<String, Integer> found = new HashMap<>();
        Matcher matcher = DEFINE.matcher(header());
        while (matcher.find()) {
            found.put(matcher.group(1), Long.decode(matcher.group(2)).intValue());
        }
        return found;
    }

    private static Map<String, Integer> constants(Class<?> type, String prefix) throws Exception {
        Map<String, Integer> found = new HashMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                field.setAccessible(true);
                found.put(prefix + field.getName(), field.getInt(null));
            }
        }
        return found;
    }

    @Test
    void limitsAreTheSame() throws Exception {
        Map<String, Integer> limits = constants(GuestProtocol.class, "");
        limits.put("PROTOCOL_VERSION", limits.remove("VERSION"));
        limits.remove("MAX_GUEST_PAYLOAD_BYTES");
        limits.remove("MAX_STRING_BYTES");
        limits.put("MAX_RESOURCE_LIMITS", SpawnRequestException.MAX_RESOURCE_LIMITS);
        limits.put("SPAWN_FIXED_BYTES", SpawnRequestException.FIXED_BYTES);
        limits.put("SPAWN_LONG_BYTES", SpawnRequestException.LONG_BYTES);
        limits.put("SPAWN_TERMINAL", SpawnCodec.TERMINAL);
        limits.put("RESOURCE_LIMIT_BYTES", SpawnRequestException.RESOURCE_LIMIT_BYTES);
        limits.put("MAX_IDENTITY_VARIABLES", GuestIdentity.MAX_VARIABLES);
        limits.put("SPAWN_STDIN", SpawnCodec.STDIN);
        limits.put("SPAWN_INHERIT_ENVIRONMENT", SpawnCodec.INHERIT_ENVIRONMENT);
        limits.put("SPAWN_AWAITED", SpawnCodec.AWAITED);
        assertThat(defines()).containsAllEntriesOf(limits);
    }

    @Test
    void frameTypesAreTheSame() throws Exception {
        Map<String, Integer> types = constants(HostFrameCodec.class, "FRAME_");
        types.putAll(constants(GuestFrameCodec.class, "FRAME_"));
        types.keySet()
                .removeIf(name -> name.contains("MAX_")
                        || name.contains("_IS_")
                        || name.startsWith("FRAME_STD")
                        || name.equals("FRAME_HELLO_BYTES"));
        assertThat(defines()).containsAllEntriesOf(types);
        assertThat(defines().keySet().stream().filter(name -> name.startsWith("FRAME_")))
                .containsExactlyInAnyOrderElementsOf(types.keySet());
    }

    @Test
    void choicesAreInTheSameOrder() throws Exception {
        assertThat(choices("spawn_stage", 1)).containsExactlyElementsOf(names(SpawnFailure.Stage.values(), "STAGE_"));
        assertThat(choices("complaint", 0)).containsExactlyElementsOf(names(GuestError.Code.values(), "COMPLAINT_"));
        assertThat(choices("signal_scope", 0)).containsExactlyElementsOf(names(SignalScope.values(), "SCOPE_"));
        assertThat(choices("identity_part", 0)).containsExactlyElementsOf(names(GuestIdentity.Part.values(), "PART_"));
        assertThat(choices("exec_state", 1))
                .startsWith(names(GuestExec.State.values(), "STATE_").toArray(String[]::new));
    }

    private static java.util.List<String> choices(String name, int skip) throws Exception {
        Matcher matcher = ENUM.matcher(header());
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Stream.of(matcher.group(2).split(","))
                        .map(choice -> choice.replaceAll("=.*", "").strip())
                        .filter(choice -> !choice.isEmpty())
                        .skip(skip)
                        .toList();
            }
        }
        throw new AssertionError("no enum " + name);
    }

    private static java.util.List<String> names(Enum<?>[] values, String prefix) {
        return Stream.of(values)
                .map(value -> prefix + value.name().toUpperCase(Locale.ROOT))
                .toList();
    }
}
