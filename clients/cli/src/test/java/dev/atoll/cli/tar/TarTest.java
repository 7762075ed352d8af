package dev.atoll.cli.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.cli.tar.TarEntry.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TarTest {
    private static final byte[] NONE = {};

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] archive(TarEntry entry, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(out);
        tar.begin(entry);
        tar.content(content, content.length);
        tar.end();
        return out.toByteArray();
    }

    private static TarEntry entry(String name, Type type, long size, long time, String link) {
        return new TarEntry(bytes(name), type, 0640, size, time, 0, bytes(link));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (String name :
                new String[] {"a", "x".repeat(100), "x".repeat(101), "d/" + "y".repeat(3_000), "\u00ff\n \"", "ä"}) {
            byte[] content = bytes("content of " + name);
            byte[] archive = archive(entry(name, Type.FILE, content.length, 1_700_000_000, ""), content);
            assertThat(archive.length % 512).isZero();
            TarReader reader = new TarReader(new ByteArrayInputStream(archive));
            TarEntry read = reader.next();
            assertThat(read.name()).isEqualTo(bytes(name));
            assertThat(read.size()).isEqualTo(content.length);
            assertThat(read.mode()).isEqualTo(0640);
            assertThat(read.mtimeSeconds()).isEqualTo(1_700_000_000);
            byte[] buffer = new byte[10_000];
            assertThat(Arrays.copyOf(buffer, reader.read(buffer))).hasSize(content.length);
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void linksAndOldTimesAreRead() throws IOException {
        String target = "t".repeat(200);
        byte[] archive = archive(entry("l", Type.SYMBOLIC_LINK, 0, -5, target), NONE);
        TarEntry read = new TarReader(new ByteArrayInputStream(archive)).next();
        assertThat(read.type()).isEqualTo(Type.SYMBOLIC_LINK);
        assertThat(read.link()).isEqualTo(bytes(target));
        assertThat(read.mtimeSeconds()).isEqualTo(-5);
    }

    @Test
    void sizesOverEightGibibytesAreRead() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long size = 9L << 30;
        new TarWriter(out).begin(entry("big", Type.FILE, size, 0, ""));
        assertThat(new TarReader(new ByteArrayInputStream(out.toByteArray()))
                        .next()
                        .size())
                .isEqualTo(size);
    }

    @Test
    void whatIsCutOrNoTarIsSaidToBe() throws IOException {
        byte[] content = new byte[2_000];
        byte[] whole = archive(entry("a", Type.FILE, content.length, 0, ""), content);
        for (int length : new int[] {0, 100, 600, 2_300}) {
            TarReader reader = new TarReader(new ByteArrayInputStream(Arrays.copyOf(whole, length)));
            assertThatThrownBy(() -> {
                        while (reader.next() != null) {
                            reader.read(new byte[5_000]);
                        }
                    })
                    .isInstanceOf(EOFException.class);
        }
        byte[] noise = new byte[10_000];
        new Random(5).nextBytes(noise);
        assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(noise)).next())
                .isInstanceOf(TarReader.MalformedTarException.class);
    }

    @Test
    void noInputMakesTheReaderDoAnythingButFail() throws IOException {
        byte[] whole = archive(entry("d/" + "y".repeat(300), Type.FILE, 700, 3, ""), new byte[700]);
        Random random = new Random(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] bent = whole.clone();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                bent[random.nextInt(bent.length)] = (byte) random.nextInt();
            }
            try {
                TarReader reader = new TarReader(new ByteArrayInputStream(bent));
                byte[] buffer = new byte[1_000];
                while (reader.next() != null) {
                    reader.read(buffer);
                }
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }
}
