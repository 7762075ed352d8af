package dev.atoll.imagecas.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.imagecas.source.ImageLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write is what the format's own tools read. */
class ErofsUtilsIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void fsckExtractsWhatWentIn(long seed) throws Exception {
        RandomTree tree = new RandomTree(new Random(seed), 300);
        Path image =
                TestErofs.write(new ByteArrayInputStream(tree.tar()), ImageLimits.DEFAULT, folder.resolve("image"));
        run(image, "fsck.erofs");
        Path extracted = folder.resolve("extracted");
        run(image, "fsck.erofs", "--extract=" + extracted, "--force", "--overwrite");
        for (RandomTree.Member member : tree.members()) {
            Path file = extracted.resolve(member.path());
            String what = "seed " + seed + ": " + member.path();
            switch (member.type()) {
                case '0' -> assertThat(Files.readAllBytes(file)).as(what).isEqualTo(member.content());
                case '2' -> assertThat(Files.readSymbolicLink(file)).as(what).hasToString(member.target());
                case '1' ->
                    assertThat(Files.readAllBytes(file))
                            .as(what)
                            .isEqualTo(Files.readAllBytes(extracted.resolve(member.target())));
                default ->
                    assertThat(Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                            .as(what)
                            .isTrue();
            }
            // Changing the owner after the mode, as fsck.erofs does, takes set-user-id bits away.
            if (member.type() == '0' || member.type() == '5') {
                assertThat((int) Files.getAttribute(file, "unix:mode") & 01777)
                        .as(what)
                        .isEqualTo(member.mode() & 01777);
                assertThat(Files.getAttribute(file, "unix:uid")).as(what).isEqualTo(member.owner());
            }
        }
        assertThat(run(image, "dump.erofs", "-s")).contains("sb_csum").contains("root nid:");
    }

    private static String run(Path image, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command));
        line.add(image.toString());
        Process process;
        try {
            process = new ProcessBuilder(line).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError("no " + command[0] + "; run: apt-get install -y erofs-utils", e);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
