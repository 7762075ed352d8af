package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.testimage.TarBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A random file system as a list of members that may come in any order, except that hard links come last. */
final class RandomTree {
    private final List<Member> members = new ArrayList<>();
    private final List<Member> links = new ArrayList<>();

    /** One member of an archive. */
    record Member(char type, String path, String target, byte[] content, int mode, int owner, long mtime) {
        void addTo(TarBytes tar) {
            tar.as(mode, owner).at(mtime).entry(type, path, target, content);
        }
    }

    RandomTree(Random random, int size) {
        List<String> directories = new ArrayList<>(List.of(""));
        List<String> files = new ArrayList<>();
        byte[] shared = content(random);
        for (int i = 0; i < size; i++) {
            String path = directories.get(random.nextInt(directories.size())) + name(random, i);
            int kind = random.nextInt(20);
            if (kind < 4) {
                add(random, '5', path, "", new byte[0]);
                directories.add(path + "/");
            } else if (kind < 6) {
                add(random, '2', path, "../" + name(random, i), new byte[0]);
            } else if (kind == 6) {
                add(random, '6', path, "", new byte[0]);
            } else if (kind == 7 && !files.isEmpty()) {
                links.add(member(random, '1', path, files.get(random.nextInt(files.size())), new byte[0]));
            } else {
                add(random, '0', path, "", kind == 8 ? shared : content(random));
                files.add(path);
            }
        }
    }

    List<Member> members() {
        List<Member> all = new ArrayList<>(members);
        all.addAll(links);
        return all;
    }

    byte[] tar() {
        return tar(members());
    }

    byte[] shuffledTar(Random random) {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        shuffled.addAll(links);
        return tar(shuffled);
    }

    private static byte[] tar(List<Member> members) {
        TarBytes tar = new TarBytes().as(0755, 0).at(1).directory("./");
        members.forEach(member -> member.addTo(tar));
        return tar.bytes();
    }

    private void add(Random random, char type, String path, String target, byte[] content) {
        members.add(member(random, type, path, target, content));
    }

    private static Member member(Random random, char type, String path, String target, byte[] content) {
        int mode = random.nextInt(010000);
        return new Member(
                type, path, target, content, mode, random.nextInt(0200000), random.nextInt(Integer.MAX_VALUE));
    }

    private static String name(Random random, int i) {
        String base = Integer.toString(i, 36) + (char) random.nextInt('!', '/') + (random.nextBoolean() ? "ö" : "");
        return base + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(240) : random.nextInt(10));
    }

    private static byte[] content(Random random) {
        byte[] content = new byte[random.nextInt(5) == 0 ? random.nextInt(200_000) : random.nextInt(6_000)];
        random.nextBytes(content);
        if (random.nextInt(4) == 0 && content.length > 20_000) {
            java.util.Arrays.fill(content, 5_000, content.length - random.nextInt(9_000), (byte) 0);
        }
        return content;
    }
}
