package dev.atoll.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.server.rules.FakeCheckout.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher against scripted tools: what it does when, and what it says when it cannot. */
class LauncherIT {

    private static final int MISSING = 69;
    private static final int CANNOT_CREATE = 73;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private FakeCheckout checkout;

    @BeforeEach
    void makeCheckout() {
        checkout = new FakeCheckout(directory);
    }

    @Test
    void theFirstRunBuildsAndTheSecondDoesNot() {
        var first = checkout.run(Map.of(), "ls", "--json");
        assertThat(first.err().lines())
                .as("at most what a slow step says")
                .allMatch(line -> line.startsWith("atoll: "));
        assertThat(first.code()).isZero();
        assertThat(first.out()).contains("dev.atoll.cli.Main ls --json").contains("cli.aot");
        assertThat(checkout.builds()).isEqualTo(1);

        var second = checkout.run(Map.of(), "ls", "--json");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void aNewerSourceIsBuiltAndTheOldCopyStays() throws IOException {
        var before = checkout.run(Map.of(), "ls");
        Files.writeString(checkout.source(), "class Main { int changed; }");
        later(checkout.source());
        var after = checkout.run(Map.of(), "ls");
        assertThat(checkout.builds()).isEqualTo(2);
        assertThat(after.out()).isNotEqualTo(before.out());
        assertThat(copies()).hasSize(2);
    }

    @Test
    void aRebuildThatChangesNothingKeepsTheCopy() throws IOException {
        var before = checkout.run(Map.of(), "ls");
        later(checkout.source());
        // What is said of progress depends on how long each step took.
        assertThat(checkout.run(Map.of(), "ls").out()).isEqualTo(before.out());
        assertThat(checkout.builds()).isEqualTo(2);
        assertThat(copies()).hasSize(1);
    }

    @Test
    void aCheckoutThatWasMovedIsBuiltAnew() throws IOException {
        checkout.run(Map.of(), "ls");
        var before = checkout.root();
        checkout.moveTo("moved");
        assertThat(checkout.run(Map.of(), "ls").code()).isZero();
        assertThat(checkout.builds()).isEqualTo(2);
        assertThat(serverOptions()).contains(checkout.root().toString()).doesNotContain(before.toString());
        assertThat(copies()).hasSize(2);
    }

    @Test
    void theServerGetsTheCacheThatARehearsalMade() {
        var result = checkout.run(Map.of(), "ls");
        assertThat(result.code()).isZero();
        assertThat(serverOptions())
                .contains("-XX:AOTCache=")
                .contains("/server.aot")
                .doesNotContain("Archive");
        assertThat(checkout.home().resolve("rehearsal")).doesNotExist();
    }

    @Test
    void aRehearsalThatFailsCostsOnlySpeedAndIsTriedAgainBySetup() throws IOException {
        var java = checkout.java();
        var works = Files.readString(java);
        Files.writeString(java, works.replace("#!/bin/bash\n", """
                #!/bin/bash
                if [[ $* == *server.rehearsal.Rehearsal* ]]; then echo "no postgres here" >&2; exit 1; fi
                """));
        var result = checkout.run(Map.of(), "ls");
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("the platform could not be rehearsed", "setup.log");
        assertThat(Files.readString(checkout.home().resolve("log/setup.log"))).contains("no postgres here");
        assertThat(serverOptions()).contains("-XX:SharedArchiveFile=").doesNotContain("AOTCache");
        assertThat(checkout.run(Map.of(), "ls").err()).isEmpty();

        Files.writeString(java, works);
        assertThat(checkout.run(Map.of(), "setup").code()).isZero();
        assertThat(serverOptions()).contains("-XX:AOTCache=");
    }

    @Test
    void aRehearsalThatIsToldToEndEndsTheSetUp() throws IOException {
        Files.writeString(checkout.java(), Files.readString(checkout.java()).replace("#!/bin/bash\n", """
                #!/bin/bash
                if [[ $* == *server.rehearsal.Rehearsal* ]]; then exit 143; fi
                """));
        assertThat(checkout.run(Map.of(), "ls").code()).isEqualTo(MISSING);
        assertThat(checkout.root().resolve("target/dist/current")).doesNotExist();
    }

    @Test
    void whereThePathHasABlankThereIsNoRehearsal() {
        checkout = new FakeCheckout(directory.resolve("a b"));
        assertThat(checkout.run(Map.of(), "ls").code()).isZero();
        assertThat(serverOptions()).contains("-XX:+UseSerialGC").doesNotContain("Archive", "AOTCache");
    }

    private String serverOptions() {
        return read(checkout.root().resolve("target/dist/current"))
                .lines()
                .filter(line -> line.startsWith("ATOLL_SERVER_OPTS="))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twoFirstRunsAtOnceBuildOnce() {
        var running =
                List.of(checkout.start(Map.of(), "ls"), checkout.start(Map.of(), "ls"), checkout.start(Map.of(), "ls"));
        assertThat(running).extracting(run -> run.await().code()).containsOnly(0);
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void aPlatformElsewhereNeedsOnlyTheCommandLine() throws IOException {
        var result = checkout.run(Map.of("ATOLL_URL", "http://127.0.0.1:1", "ATOLL_RUNSC", ""), "ls");
        assertThat(result.code()).isZero();
        assertThat(Files.readString(checkout.root().resolve("calls"))).contains("--projects clients/cli");
        assertThat(checkout.home()).doesNotExist();
        assertThat(checkout.run(Map.of(), "ls").code()).isZero();
        assertThat(Files.readString(checkout.root().resolve("calls"))).contains("--projects server,clients/cli");
    }

    @Test
    void aBuildThatFailsSaysWhyAndIsTriedAgain() throws IOException {
        var works = Files.readString(checkout.root().resolve("mvnw"));
        FakeCheckout.script(checkout.root().resolve("mvnw"), "echo '[ERROR] Main.java:[1,7] no such thing'; exit 1\n");
        var failed = checkout.run(Map.of(), "ls");
        assertThat(failed.code()).isEqualTo(MISSING);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("Main.java:[1,7] no such thing", "to mend it:", "setup.log");
        Files.writeString(checkout.root().resolve("mvnw"), works);
        assertThat(checkout.run(Map.of(), "ls").code()).isZero();
    }

    @Test
    void aFailureOfTheNetworkOrTheDiskIsNamed() throws IOException {
        FakeCheckout.script(
                checkout.root().resolve("mvnw"), "echo '[ERROR] repo: Unknown host: Name or service'; exit 1\n");
        assertThat(checkout.run(Map.of(), "ls").err()).contains("needs the network");
        FakeCheckout.script(checkout.root().resolve("mvnw"), "echo '[ERROR] x.jar: No space left on device'; exit 1\n");
        assertThat(checkout.run(Map.of(), "ls").err()).contains("free some disk space");
    }

    @Test
    void aDataDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(directory.resolve("home"), "a file is in the way");
        var result = checkout.run(Map.of(), "ls");
        assertThat(result.code()).isEqualTo(CANNOT_CREATE);
        assertThat(result.err()).contains("cannot write to the data directory", "ATOLL_HOME=");
    }

    @Test
    void tooOldAJavaHomeIsPassedOver() throws IOException {
        var old = directory.resolve("old");
        FakeCheckout.write(old.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
        FakeCheckout.script(old.resolve("bin/javac"), "");
        var script = "source setup/jdk.sh; find_jdk && echo \"$jdk_home $jdk_feature\"";
        assertThat(bash(script, Map.of("JAVA_HOME", old.toString())))
                .doesNotContain("old")
                .contains(" 2");
        assertThat(bash(script, Map.of("JAVA_HOME", directory.resolve("jdk").toString())))
                .endsWith("jdk 25\n");
    }

    @Test
    void reportsAreCounted() throws IOException {
        FakeCheckout.write(checkout.root().resolve("model/target/surefire-reports/TEST-a.xml"), """
            <testsuite xmlns:xsi="x" name="a" time="0.1"
                tests="5" errors="1" skipped="1" failures="1">
              <testcase name="needsKvm" classname="a.B">
                <skipped message="no /dev/kvm"/>
              </testcase>
            </testsuite>
            """);
        FakeCheckout.write(
                checkout.root().resolve("clients/cli/target/failsafe-reports/TEST-b.xml"),
                "<testsuite name=\"b\" tests=\"2\" errors=\"0\" skipped=\"0\" failures=\"0\"></testsuite>\n");
        assertThat(bash("source setup/test.sh; count_tests", Map.of()))
                .isEqualTo("skipped: a.B.needsKvm: no /dev/kvm\n4 passed, 2 failed, 1 skipped\n");
    }

    @Test
    void doctorTellsWithoutDoing() {
        var result = checkout.run(Map.of(), "doctor", "--json");
        assertThat(result.out())
                .contains("\"name\": \"jdk\", \"state\": \"ok\"", "\"name\": \"runsc\", \"state\": \"ok\"");
        assertThat(checkout.home()).doesNotExist();
        assertThat(checkout.builds()).isZero();
        var lost = checkout.run(Map.of("ATOLL_RUNSC", "/nowhere/runsc"), "doctor");
        assertThat(lost.code()).isEqualTo(1);
        assertThat(lost.out()).contains("missing  runsc").contains("to mend it: unset ATOLL_RUNSC");
    }

    @Test
    void theScriptsPassShellcheck() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("shellcheck", "--external-sources"));
        SourceTree.files().stream()
                .filter(file -> file.path().endsWith(".sh")
                        || file.path().equals("atoll")
                        || file.path().equals(".ci/run"))
                .forEach(file -> command.add(file.path()));
        var output = directory.resolve("shellcheck");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(SourceTree.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError("shellcheck is missing: apt-get install shellcheck", e);
        }
        assertThat(process.waitFor()).as(() -> read(output)).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String bash(String script, Map<String, String> environment) {
        var entry = checkout.root().resolve("atoll");
        try {
            FakeCheckout.script(entry, "set -euo pipefail\ncd \"${0%/*}\"\nATOLL_ROOT=$PWD\n" + script + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Result result = checkout.run(environment);
        assertThat(result.err()).isEmpty();
        return result.out();
    }

    private List<Path> copies() throws IOException {
        try (var entries = Files.list(checkout.root().resolve("target/dist"))) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    /** Times of files are coarse on some disks: a change must be seen all the same. */
    private static void later(Path file) throws IOException {
        var now = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(now.plus(Duration.ofSeconds(1))));
    }
}
