package dev.atoll.isolation.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFilesTest {

    @TempDir
    Path directory;

    @Test
    void aFileIsMadeForItsOwnerAndCanBeWritten() throws Exception {
        Path file = directory.resolve("file");
        try (Fd fd = LinuxFiles.create(file, 0600)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(4);
            bytes.put("here".getBytes(StandardCharsets.US_ASCII)).flip();
            assertThat(LinuxFiles.write(fd, bytes)).isEqualTo(4);
        }

        assertThat(file).hasContent("here");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsThereIsNotTouched() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "of another");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
        for (Path taken : new Path[] {file, link}) {
            assertThatThrownBy(() -> LinuxFiles.create(taken, 0600))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failed -> assertThat(failed.errno()).isEqualTo(Errno.EEXIST));
        }
        assertThat(file).hasContent("of another");
        assertThat(directory.resolve("target")).doesNotExist();
    }
}
