package dev.atoll.imagecas.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.testimage.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErofsWriterTest {
    @TempDir
    Path folder;

    private int files;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatGoesInComesOut(long seed) throws IOException {
        RandomTree tree = new RandomTree(new Random(seed), 400);
        Path image = image(tree.tar());
        try (ErofsReader reader = new ErofsReader(image)) {
            Map<String, ErofsReader.Inode> firsts = new HashMap<>();
            for (RandomTree.Member member : tree.members()) {
                ErofsReader.Inode inode = reader.find(member.path());
                String what = "seed " + seed + ": " + member.path();
                if (member.type() == '1') {
                    assertThat(inode).as(what).isEqualTo(firsts.get(member.target()));
                    continue;
                }
                firsts.put(member.path(), inode);
                assertThat(inode.mode() & 07777).as(what).isEqualTo(member.mode());
                assertThat(inode.uid()).as(what).isEqualTo(member.owner());
                assertThat(inode.gid()).as(what).isEqualTo(member.owner());
                assertThat(inode.mtime()).as(what).isEqualTo(member.mtime());
                int type = switch (member.type()) {
                    case '0' -> 0100000;
                    case '2' -> 0120000;
                    case '5' -> 0040000;
                    default -> 0010000;
                };
                assertThat(inode.type()).as(what).isEqualTo(type);
                if (member.type() == '0') {
                    assertThat(reader.bytes(inode)).as(what).isEqualTo(member.content());
                } else if (member.type() == '2') {
                    assertThat(new String(reader.bytes(inode), StandardCharsets.UTF_8))
                            .as(what)
                            .isEqualTo(member.target());
                }
            }
            assertLinkCounts(reader, tree);
        }
    }

    private static void assertLinkCounts(ErofsReader reader, RandomTree tree) {
        Map<Long, Integer> names = new HashMap<>();
        Map<Long, Integer> folders = new HashMap<>();
        for (RandomTree.Member member : tree.members()) {
            names.merge(reader.find(member.path()).number(), 1, Integer::sum);
            if (member.type() == '5') {
                String parent = member.path().contains("/")
                        ? member.path().substring(0, member.path().lastIndexOf('/'))
                        : "";
                folders.merge(reader.find(parent).number(), 1, Integer::sum);
            }
        }
        for (RandomTree.Member member : tree.members()) {
            ErofsReader.Inode inode = reader.find(member.path());
            int expected = member.type() == '5'
                    ? 2 + folders.getOrDefault(inode.number(), 0)
                    : names.getOrDefault(inode.number(), 0);
            assertThat(inode.links()).as(member.path()).isEqualTo(expected);
        }
    }

    @Test
    void theSameTreeGivesTheSameBytesWhateverTheOrderOfTheArchive() throws IOException {
        Random random = new Random(42);
        RandomTree tree = new RandomTree(random, 300);
        byte[] first = Files.readAllBytes(image(tree.tar()));
        for (int i = 0; i < 3; i++) {
            assertThat(Files.readAllBytes(image(tree.shuffledTar(random)))).isEqualTo(first);
        }
    }

    @Test
    void equalContentsAreStoredOnce() throws IOException {
        byte[] content = new byte[1 << 20];
        new Random(7).nextBytes(content);
        TarBytes tar = new TarBytes();
        IntStream.range(0, 20).forEach(i -> tar.file("copy" + i, content));
        Path image = image(tar.bytes());
        assertThat(Files.size(image)).isLessThan(content.length + 64 * 1024);
        try (ErofsReader reader = new ErofsReader(image)) {
            assertThat(reader.find("copy3").block())
                    .isEqualTo(reader.find("copy19").block());
            assertThat(reader.find("copy3").number())
                    .isNotEqualTo(reader.find("copy19").number());
            assertThat(reader.bytes(reader.find("copy19"))).isEqualTo(content);
        }
    }

    @Test
    void contentThatFollowsADuplicateInTheSpoolHasItsZeros() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(3).nextBytes(noise);
        byte[] mostlyZeros = new byte[250_000];
        mostlyZeros[249_999] = 1;
        Path image = image(new TarBytes()
                .file("a", noise)
                .file("b", noise)
                .file("c", mostlyZeros)
                .bytes());
        try (ErofsReader reader = new ErofsReader(image)) {
            assertThat(reader.bytes(reader.find("c"))).isEqualTo(mostlyZeros);
        }
    }

    @Test
    void directoriesMayBeLargeAndNamesLong() throws IOException {
        TarBytes tar = new TarBytes();
        List<String> names = IntStream.range(0, 3_000)
                .mapToObj(i -> (i + "-".repeat(255)).substring(0, 10 + i % 246))
                .distinct()
                .sorted()
                .toList();
        names.forEach(name -> tar.file("big/" + name, ""));
        try (ErofsReader reader = new ErofsReader(image(tar.bytes()))) {
            assertThat(reader.names("big")).containsExactlyElementsOf(names);
        }
    }

    @Test
    void anEmptyTreeIsAnImage() throws IOException {
        try (ErofsReader reader = new ErofsReader(image(new TarBytes().bytes()))) {
            assertThat(reader.inodes()).isEqualTo(1);
            assertThat(reader.names("")).isEmpty();
            assertThat(reader.root().links()).isEqualTo(2);
            assertThat(reader.root().mode()).isEqualTo(040755);
        }
    }

    @Test
    void manyEntriesInManyDirectories() throws IOException {
        TarBytes block = new TarBytes();
        int entries = 20_000;
        IntStream.range(0, entries).forEach(i -> block.file("d" + i % 100 + "/file-number-" + i, ""));
        InputStream stream = new SequenceInputStream(
                new ByteArrayInputStream(block.unended()), new ByteArrayInputStream(new byte[1024]));
        try (ErofsReader reader = new ErofsReader(image(stream))) {
            assertThat(reader.inodes()).isEqualTo(entries + 100 + 1);
        }
    }

    private Path image(byte[] tar) {
        return image(new ByteArrayInputStream(tar));
    }

    private Path image(InputStream tar) {
        return TestErofs.write(tar, ImageLimits.DEFAULT, folder.resolve("image" + files++));
    }
}
