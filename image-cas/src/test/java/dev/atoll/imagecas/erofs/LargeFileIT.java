package dev.atoll.imagecas.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.testimage.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeFileIT {
    @TempDir
    Path folder;

    @Test
    void filesOverFourGibibytesKeepTheirLengthAndTakeNoRoomWhereTheyAreZero() throws Exception {
        long size = (4L << 30) + 17;
        byte[] tail = "tail".getBytes(StandardCharsets.UTF_8);
        byte[] map = ("1\n" + (size - tail.length) + "\n" + tail.length + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(map, 512 + tail.length);
        System.arraycopy(tail, 0, body, 512, tail.length);
        byte[] tar = new TarBytes()
                .pax(
                        "GNU.sparse.major",
                        "1",
                        "GNU.sparse.minor",
                        "0",
                        "GNU.sparse.name",
                        "huge",
                        "GNU.sparse.realsize",
                        "" + size)
                .file("GNUSparseFile.0/huge", body)
                .file("zz", "after")
                .bytes();
        ImageLimits limits = new ImageLimits(1 << 20, 1L << 40, 10, 1000, 10, Integer.MAX_VALUE, 1L << 40, 1, 1, 0);
        Path image = TestErofs.write(new ByteArrayInputStream(tar), limits, folder.resolve("image"));
        try (ErofsReader reader = new ErofsReader(image)) {
            ErofsReader.Inode huge = reader.find("huge");
            assertThat(huge.size()).isEqualTo(size);
            assertThat(reader.data(huge).asSlice(size - tail.length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(tail);
            assertThat(reader.data(huge).get(ValueLayout.JAVA_BYTE, 4L << 30)).isZero();
            assertThat(reader.text("zz")).isEqualTo("after");
        }
        assertThat(kibibytesOnDisk(image)).isLessThan(1024);
    }

    private static long kibibytesOnDisk(Path file) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        String out = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(du.waitFor()).isZero();
        return Long.parseLong(out.split("\t")[0]);
    }
}
