package dev.atoll.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.tar.TarEntry;
import dev.atoll.cli.tar.TarEntry.Type;
import dev.atoll.cli.tar.TarWriter;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.timing.Timing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of this machine into archives and back, and archives that mean harm. */
class TreesTest {
    private static final byte[] NONE = {};

    @TempDir
    Path directory;

    private final List<String> notes = new ArrayList<>();
    private Path target;

    @BeforeEach
    void make() throws IOException {
        target = Files.createDirectory(directory.resolve("target"));
    }

    private static Tally tally() {
        StandardStreams streams = new StandardStreams(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                new StreamKinds(Input.NOTHING, false));
        return new Tally(Progress.of(streams, new StillTiming(), true, "copying"), 0);
    }

    /** Time that does not pass. */
    private static final class StillTiming implements Timing {
        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void pause(Duration span) {
            throw new IllegalStateException("nothing waits here");
        }
    }

    private void unpack(byte[] archive) throws IOException {
        new TreeUnpacker(target, tally(), notes::add, Thread::new).unpack(new ByteArrayInputStream(archive));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An archive of entries, each {@code type name link-or-content}. */
    private static byte[] archive(String... entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        for (String entry : entries) {
            String[] parts = entry.split(" ", 3);
            Type type = Type.valueOf(parts[0]);
            byte[] content = type == Type.FILE ? bytes(parts[2]) : NONE;
            byte[] link = type == Type.FILE ? NONE : bytes(parts.length > 2 ? parts[2] : "");
            tar.begin(new TarEntry(bytes(parts[1]), type, 06755, content.length, 1, 0, link));
            tar.content(content, content.length);
        }
        tar.end();
        return out.toByteArray();
    }

    @Test
    void aTreeSurvivesTheWay() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.createDirectories(source.resolve("empty"));
        Files.createDirectories(source.resolve("deep/er"));
        Files.writeString(source.resolve("deep/er/two words\n"), "text");
        Files.writeString(source.resolve("exe"), "run");
        Files.setPosixFilePermissions(source.resolve("exe"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(source.resolve("exe"), FileTime.fromMillis(1_600_000_000_000L));
        Files.createSymbolicLink(source.resolve("dangling"), Path.of("/no/such"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("deep/../exe"));
        Files.createLink(source.resolve("hard"), source.resolve("exe"));
        Path odd = NameBytes.in(source, new byte[] {'o', (byte) 0xff, 'd'});
        Files.writeString(odd, "no text");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TreePacker(out, tally(), notes::add).pack(source);
        unpack(out.toByteArray());
        assertThat(notes).isEmpty();
        assertThat(Files.isDirectory(target.resolve("empty"))).isTrue();
        assertThat(Files.readString(target.resolve("deep/er/two words\n"))).isEqualTo("text");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("exe"))))
                .isEqualTo("rwxr-x--x");
        assertThat(Files.getLastModifiedTime(target.resolve("exe")).toMillis()).isEqualTo(1_600_000_000_000L);
        assertThat(Files.readSymbolicLink(target.resolve("dangling"))).hasToString("/no/such");
        assertThat(Files.readSymbolicLink(target.resolve("link"))).hasToString("deep/../exe");
        assertThat(Files.getAttribute(target.resolve("hard"), "unix:nlink")).isEqualTo(2);
        assertThat(Files.readString(NameBytes.in(target, new byte[] {'o', (byte) 0xff, 'd'})))
                .isEqualTo("no text");
    }

    @Test
    void manySmallFilesAreAllThereAndOfTwoOfOneNameTheLater() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        for (String text : List.of("earlier", "later")) {
            for (int i = 0; i < 1_000; i++) {
                byte[] content = bytes(text + i);
                tar.begin(new TarEntry(
                        bytes("d" + i % 7 + "/f" + i), Type.FILE, 0666, content.length, 1_000_000 + i, 0, NONE));
                tar.content(content, content.length);
            }
        }
        byte[] large = new byte[SmallFiles.MOST_BYTES + 1];
        tar.begin(new TarEntry(bytes("d3/f3"), Type.FILE, 0600, large.length, 7, 0, NONE));
        tar.content(large, large.length);
        tar.end();
        unpack(out.toByteArray());
        for (int i = 0; i < 1_000; i++) {
            Path file = target.resolve("d" + i % 7 + "/f" + i);
            if (i != 3) {
                assertThat(Files.readString(file)).isEqualTo("later" + i);
                assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo((1_000_000 + i) * 1_000L);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-rw-rw-");
            }
        }
        assertThat(target.resolve("d3/f3")).hasSize(large.length);
    }

    @Test
    void aPipeIsMadeAndADeviceIsNot() throws IOException {
        unpack(archive("FIFO pipe", "OTHER null", "FILE after x"));
        assertThat((int) Files.getAttribute(target.resolve("pipe"), "unix:mode") & 0170000)
                .isEqualTo(0010000);
        assertThat(notes).singleElement().asString().contains("null", "device");
        assertThat(target.resolve("after")).exists();
    }

    @Test
    void noFileIsSetUid() throws IOException {
        unpack(archive("FILE exe x", "DIRECTORY d"));
        assertThat((int) Files.getAttribute(target.resolve("exe"), "unix:mode") & 07777)
                .isEqualTo(0755);
        assertThat((int) Files.getAttribute(target.resolve("d"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FILE ../out x",
                "FILE a/../../out x",
                "FILE /tmp/atoll-escape x",
                "SYMBOLIC_LINK l ../outside;FILE l/out x",
                "SYMBOLIC_LINK l ../outside;DIRECTORY l/sub",
                "SYMBOLIC_LINK l ../outside;SYMBOLIC_LINK l/l2 x",
                "DIRECTORY d;SYMBOLIC_LINK d/l ../../outside;FILE d/l/out x",
                "HARD_LINK h ../outside/secret",
                "SYMBOLIC_LINK l ../outside/secret;HARD_LINK h l",
                "SYMBOLIC_LINK l ../outside;HARD_LINK h l/secret",
                "DIRECTORY d;FILE d x"
            })
    void nothingLeadsOut(String entries) throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        assertThatThrownBy(() -> unpack(archive(entries.split(";"))))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().is("archive_refused")).isTrue());
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(Path.of("/tmp/atoll-escape")).doesNotExist();
        try (var names = Files.list(outside)) {
            assertThat(names).containsExactly(outside.resolve("secret"));
        }
    }

    @Test
    void aLinkInTheWayIsReplacedAndNotFollowed() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(target.resolve("file"), secret);
        unpack(archive("FILE file new", "SYMBOLIC_LINK l ../secret", "FILE l new"));
        assertThat(Files.readString(secret)).isEqualTo("secret");
        assertThat(Files.isRegularFile(target.resolve("file"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(Files.isRegularFile(target.resolve("l"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void aDirectoryThatIsALinkHereIsNotEntered() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(target.resolve("d"), outside);
        assertThatThrownBy(() -> unpack(archive("FILE d/x y"))).isInstanceOf(ProblemException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aNameMovesNoCursor() {
        TarEntry entry = new TarEntry(bytes("a\u001b[2J\nb"), Type.FILE, 0, 0, 0, 0, NONE);
        assertThat(entry.shownName()).isEqualTo("a?[2J?b");
    }
}
