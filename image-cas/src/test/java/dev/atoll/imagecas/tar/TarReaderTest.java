package dev.atoll.imagecas.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.imagecas.testimage.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final String LONG_NAME = "directory/".repeat(30) + "ä".repeat(100);

    @ParameterizedTest
    @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
    void readsWhatAnotherWriterWrites(int longFileMode) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(longFileMode);
            out.setBigNumberMode(
                    longFileMode == TarArchiveOutputStream.LONGFILE_GNU
                            ? TarArchiveOutputStream.BIGNUMBER_STAR
                            : TarArchiveOutputStream.BIGNUMBER_POSIX);
            TarArchiveEntry file = new TarArchiveEntry(LONG_NAME);
            file.setSize(3);
            file.setUserId(3_000_000_000L);
            file.setMode(04755);
            file.setModTime(1_234_567_890_000L);
            out.putArchiveEntry(file);
            out.write("abc".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
            TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName(LONG_NAME);
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
        }
        TarReader tar = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));

        TarEntry file = tar.next();
        assertThat(file).isNotNull();
        assertThat(text(file.path())).isEqualTo(LONG_NAME);
        assertThat(tar.body().readAllBytes()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.toUnsignedLong(file.uid())).isEqualTo(3_000_000_000L);
        assertThat(file.mode()).isEqualTo(04755);
        assertThat(file.mtimeSeconds()).isEqualTo(1_234_567_890L);
        TarEntry link = tar.next();
        assertThat(link).isNotNull();
        assertThat(link.type()).isEqualTo(TarEntry.Type.SYMBOLIC_LINK);
        assertThat(text(link.linkTarget())).isEqualTo(LONG_NAME);
        assertThat(tar.next()).isNull();
    }

    @Test
    void skipsContentThatWasNotRead() throws IOException {
        byte[] archive = new TarBytes().file("a", new byte[5000]).file("b", "x").bytes();
        assertThat(paths(archive)).containsExactly("a", "b");
    }

    @Test
    void paxRecordsOverrideHeadersAndGlobalOnesOnlyFillIn() throws IOException {
        byte[] archive = new TarBytes()
                .extension('g', "mtime", "5", "comment", "x")
                .pax("path", "other", "uid", "7", "mtime", "12.5", "SCHILY.xattr.user.a", "b")
                .file("a", "1")
                .file("b", "2")
                .bytes();
        TarReader tar = new TarReader(new ByteArrayInputStream(archive));
        TarEntry first = tar.next();
        assertThat(first).isNotNull();
        assertThat(text(first.path())).isEqualTo("other");
        assertThat(first.uid()).isEqualTo(7);
        assertThat(first.mtimeSeconds()).isEqualTo(12);
        assertThat(first.mtimeNanos()).isEqualTo(500_000_000);
        assertThat(first.extendedAttributes()).containsExactly("user.a");
        TarEntry second = tar.next();
        assertThat(second).isNotNull();
        assertThat(second.mtimeSeconds()).isEqualTo(5);
        assertThat(second.extendedAttributes()).isEmpty();
    }

    @Test
    void namesStayBytes() throws IOException {
        byte[] name = {'a', (byte) 0xff, (byte) 0xfe};
        TarBytes tar = new TarBytes();
        TarEntry entry = new TarReader(new ByteArrayInputStream(
                        tar.raw(tar.header('0', name, new byte[0], 0)).bytes()))
                .next();
        assertThat(entry).isNotNull();
        assertThat(entry.path()).isEqualTo(name);
    }

    @Test
    void refusesAPaxKeyThatComesTwice() {
        refuses(new TarBytes().pax("path", "a", "path", "b").file("c", "").bytes(), "'path' twice");
    }

    @Test
    void refusesTwoPaxHeadersForOneMember() {
        refuses(new TarBytes().pax("path", "a").pax("path", "b").file("c", "").bytes(), "two PAX headers");
    }

    @Test
    void refusesAGlobalHeaderThatNamesAPath() {
        refuses(new TarBytes().extension('g', "path", "a").file("c", "").bytes(), "global PAX header");
    }

    @Test
    void refusesAnExtendedHeaderWithoutAMember() {
        refuses(new TarBytes().pax("path", "a").bytes(), "ends after an extended header");
    }

    @Test
    void refusesDataAfterTheEnd() {
        byte[] archive = new TarBytes().file("a", "").bytes();
        byte[] more = Arrays.copyOf(archive, archive.length + 10_000);
        more[more.length - 1] = 1;
        refuses(more, "goes on after its end");
    }

    @Test
    void refusesAWrongChecksum() {
        byte[] archive = new TarBytes().file("a", "").bytes();
        archive[0] = 'b';
        refuses(archive, "wrong checksum");
    }

    @Test
    void refusesKindsThatItDoesNotKnow() {
        refuses(new TarBytes().entry('V', "volume", "", new byte[0]).bytes(), "not known");
    }

    @Test
    void refusesAnExtendedHeaderThatIsTooLarge() {
        TarBytes tar = new TarBytes();
        refuses(
                tar.raw(tar.header('x', new byte[] {'x'}, new byte[0], TarReader.MAX_EXTENSION + 1L))
                        .bytes(),
                "more than");
    }

    @Test
    void refusesBrokenPaxRecords() {
        for (String record :
                List.of("", "5", "x a=b\n", "999999999 a=b\n", "6 a=b", "5 ab\n", "3 \n", "0 a=b\n", "-6 a=b\n")) {
            byte[] body = record.getBytes(StandardCharsets.UTF_8);
            byte[] archive =
                    new TarBytes().entry('x', "x", "", body).file("a", "").bytes();
            if (body.length > 0) {
                refuses(archive, "PAX");
            }
        }
    }

    @Test
    void anArchiveThatStopsInTheMiddleIsSaidToBeSo() {
        byte[] archive = new TarBytes().file("a", new byte[2000]).unended();
        assertThatThrownBy(() -> paths(Arrays.copyOf(archive, 1500))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> paths(Arrays.copyOf(archive, 300))).isInstanceOf(EOFException.class);
    }

    @Test
    void anArchiveWithoutItsEndIsWhole() throws IOException {
        assertThat(paths(new TarBytes().file("a", "x").unended())).containsExactly("a");
    }

    @Test
    void damagedArchivesEndInOneOfTwoWays() {
        long seed = 20_260_905;
        Random random = new Random(seed);
        byte[] good = new TarBytes()
                .pax(
                        "path",
                        LONG_NAME,
                        "mtime",
                        "1.5",
                        "GNU.sparse.major",
                        "1",
                        "GNU.sparse.minor",
                        "0",
                        "GNU.sparse.realsize",
                        "9")
                .file("a", Arrays.copyOf("1\n4\n2\n".getBytes(StandardCharsets.UTF_8), 514))
                .entry('L', "long", "", LONG_NAME.getBytes(StandardCharsets.UTF_8))
                .file("b", "content")
                .hardLink("c", "b")
                .bytes();
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            fixChecksums(bytes);
            try {
                paths(Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length));
            } catch (IOException expected) {
                assertThat(expected)
                        .as("seed %s run %s", seed, run)
                        .isInstanceOfAny(MalformedTarException.class, EOFException.class);
            }
        }
    }

    @Test
    void noiseIsNotTar() {
        Random random = new Random(1);
        for (int run = 0; run < 200; run++) {
            byte[] noise = new byte[random.nextInt(1, 4000)];
            random.nextBytes(noise);
            assertThatThrownBy(() -> paths(noise)).isInstanceOf(IOException.class);
        }
    }

    /** Makes damage reach the code behind the checksum. */
    private static void fixChecksums(byte[] archive) {
        for (int at = 0; at + 512 <= archive.length; at += 512) {
            int sum = 0;
            for (int i = 0; i < 512; i++) {
                sum += i >= 148 && i < 156 ? ' ' : archive[at + i] & 255;
            }
            boolean header = archive[at + 257] == 'u';
            if (header) {
                byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, archive, at + 148, 8);
            }
        }
    }

    private static void refuses(byte[] archive, String why) {
        assertThatThrownBy(() -> paths(archive))
                .isInstanceOf(MalformedTarException.class)
                .hasMessageContaining(why);
    }

    private static List<String> paths(byte[] archive) throws IOException {
        TarReader tar = new TarReader(new ByteArrayInputStream(archive));
        List<String> paths = new ArrayList<>();
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            paths.add(text(entry.path()));
            tar.body().transferTo(java.io.OutputStream.nullOutputStream());
        }
        return paths;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
