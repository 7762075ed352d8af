package dev.atoll.isolation.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.SanitizedBuild;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileType;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Both sides mean the same by every number. */
class FilesProtocolNumbersTest {
    private static final Pattern DEFINE = Pattern.compile("#define FILES_(\\w+) (0x[0-9a-f]+|\\d+)\\b");
    private static final Pattern ENUM = Pattern.compile("enum files_(\\w+) \\{([^}]*)}");

    private static String header() throws Exception {
        return Files.readString(SanitizedBuild.sources().resolve("files_protocol.h"));
    }

    @Test
    void numbersAreTheSame() throws Exception {
        Map<String, Integer> here = new HashMap<>();
        for (Field field : FilesProtocol.class.getDeclaredFields()) {
            if (field.getType() == int.class) {
                field.setAccessible(true);
                here.put(field.getName(), field.getInt(null));
            }
        }
        Map<String, Integer> there = new HashMap<>();
        Matcher matcher = DEFINE.matcher(header());
        while (matcher.find()) {
            there.put(matcher.group(1), Long.decode(matcher.group(2)).intValue());
        }
        assertThat(there).isEqualTo(here);
    }

    @Test
    void choicesAreInTheSameOrder() throws Exception {
        assertThat(choices("operation", 1))
                .containsExactlyElementsOf(names(FilesProtocol.Operation.values(), "OPERATION_"));
        assertThat(choices("change", 1))
                .containsExactlyElementsOf(names(FilesProtocol.ChangeNumber.values(), "CHANGE_"));
        assertThat(choices("type", 0)).containsExactlyElementsOf(names(FileType.values(), "TYPE_"));
        assertThat(choices("seen", 0)).containsExactlyElementsOf(names(FileEvent.ChangeKind.values(), "SEEN_"));
        assertThat(choices("reason", 0)).containsExactlyElementsOf(names(FilesFailure.Reason.values(), "REASON_"));
        assertThat(choices("step", 0)).containsExactlyElementsOf(names(FilesFailure.Step.values(), "STEP_"));
    }

    private static List<String> choices(String name, int skip) throws Exception {
        Matcher matcher = ENUM.matcher(header());
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Stream.of(matcher.group(2).replaceAll("/\\*.*?\\*/", "").split(","))
                        .map(String::strip)
                        .filter(choice -> !choice.isEmpty())
                        .skip(skip)
                        .toList();
            }
        }
        throw new AssertionError("no enum " + name);
    }

    private static List<String> names(Enum<?>[] values, String prefix) {
        return Stream.of(values).map(value -> prefix + value.name()).toList();
    }
}
