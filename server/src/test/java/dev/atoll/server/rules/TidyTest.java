package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.server.rules.MethodLengths.Method;
import dev.atoll.server.rules.SourceTree.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a file looks like: small, without loose ends, and with its nullness said. Each failure names the remedy. */
class TidyTest {

    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_METHOD_LINES = 60;
    private static final int MAX_LINE_COLUMNS = 140;
    /** Put together here, so that this file does not offend. */
    private static final Pattern LOOSE_END = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

    private static final List<SourceFile> FILES = SourceTree.files();

    @Test
    void everyKindOfSourceIsFound() {
        assertThat(FILES).extracting(file -> SourceTree.ending(file.path())).contains("java", "sh", "proto");
        assertThat(FILES)
                .extracting(SourceFile::path)
                .contains("atoll", "server/src/test/java/dev/atoll/server/rules/TidyTest.java");
    }

    @Test
    void filesAreShort() {
        Offence.failOnAny(FILES.stream()
                .filter(file -> !isContract(file) && file.lines().size() > MAX_FILE_LINES)
                .map(file -> new Offence(
                        file.path(),
                        file.lines().size() + " lines, at most " + MAX_FILE_LINES,
                        "split it by phase or by feature; two nouns in one file are two files"))
                .toList());
    }

    /** The API's contract is one document by its nature: its readers are generators and people who search it. */
    private static boolean isContract(SourceFile file) {
        return file.path().startsWith("openapi/");
    }

    @Test
    void linesAreShort() {
        var offences = new ArrayList<Offence>();
        for (var file : FILES) {
            for (int i = 0; i < file.lines().size(); i++) {
                var line = file.lines().get(i);
                int columns = line.codePointCount(0, line.length());
                if (columns > MAX_LINE_COLUMNS) {
                    offences.add(new Offence(
                            file.path() + ":" + (i + 1),
                            columns + " columns, at most " + MAX_LINE_COLUMNS,
                            "break the line; the formatter breaks code, but no comment and no string"));
                }
            }
        }
        Offence.failOnAny(offences);
    }

    @Test
    void methodsAreShort() {
        var java =
                MethodLengths.ofJava(FILES.stream().filter(SourceFile::isJava).toList());
        var flat = FILES.stream()
                .filter(SourceFile::hasFlatFunctions)
                .flatMap(file -> MethodLengths.ofFlat(file).stream());
        assertThat(java).isNotEmpty();
        Offence.failOnAny(Stream.concat(java.stream(), flat)
                .filter(method -> method.length() > MAX_METHOD_LINES)
                .map(TidyTest::tooLong)
                .toList());
    }

    private static Offence tooLong(Method method) {
        return new Offence(
                method.path() + ":" + method.line() + " " + method.name(),
                method.length() + " lines, at most " + MAX_METHOD_LINES,
                "give each step of it a name and a method of its own");
    }

    @Test
    void nothingIsLeftForLater() {
        var offences = new ArrayList<Offence>();
        for (var file : FILES) {
            for (int i = 0; i < file.lines().size(); i++) {
                var found = LOOSE_END.matcher(file.lines().get(i));
                if (found.find()) {
                    offences.add(new Offence(
                            file.path() + ":" + (i + 1),
                            "marks a loose end (" + found.group() + ")",
                            "finish it, or say in the documentation that it does not exist yet"));
                }
            }
        }
        Offence.failOnAny(offences);
    }

    @Test
    void everyPackageSaysItsNullness() {
        var marked = FILES.stream()
                .filter(file -> file.path().endsWith("/package-info.java"))
                .filter(file -> file.lines().contains("@NullMarked"))
                .map(TidyTest::directory)
                .toList();
        Offence.failOnAny(FILES.stream()
                .filter(file -> file.isJava() && file.path().contains("/src/main/java/"))
                .map(TidyTest::directory)
                .distinct()
                .filter(directory -> !marked.contains(directory))
                .map(directory -> new Offence(
                        directory,
                        "a package without nullness",
                        "add a package-info.java with @NullMarked and a sentence on the package"))
                .toList());
    }

    private static String directory(SourceFile file) {
        return file.path().substring(0, file.path().lastIndexOf('/'));
    }
}
