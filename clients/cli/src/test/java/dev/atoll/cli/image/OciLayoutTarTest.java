package dev.atoll.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, read back by the system's tar. */
class OciLayoutTarTest {
    @TempDir
    Path directory;

    @Test
    void holdsTheLayoutAndNothingElse() throws Exception {
        Path layout = Files.createDirectories(directory.resolve("layout/blobs/sha256"))
                .getParent()
                .getParent();
        String blob = "blobs/sha256/" + "0123456789abcdef".repeat(4);
        Files.writeString(layout.resolve("oci-layout"), "{}");
        Files.writeString(layout.resolve("index.json"), "x".repeat(512));
        Files.writeString(layout.resolve(blob), "y".repeat(1_300));
        Files.writeString(layout.resolve("notes.txt"), "not of the layout");

        OciLayoutTar tar = OciLayoutTar.of(layout);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tar.writeTo(bytes);
        assertThat(bytes.size()).isEqualTo((int) tar.size());
        Path archive = Files.write(directory.resolve("a.tar"), bytes.toByteArray());
        Path out = Files.createDirectory(directory.resolve("out"));

        assertThat(tar("--extract", "--verbose", "--file", archive.toString(), "--directory", out.toString()))
                .isEqualTo("oci-layout\nindex.json\n" + blob + "\n");
        assertThat(out.resolve(blob)).hasContent("y".repeat(1_300));
        assertThat(out.resolve("index.json")).hasContent("x".repeat(512));
    }

    @Test
    void anotherDirectoryIsRefused() {
        assertThatThrownBy(() -> OciLayoutTar.of(directory)).hasMessageContaining("is not an OCI image layout");
    }

    private static String tar(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("tar").redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
