package dev.atoll.isolation.runtime;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What lies beside the files of a checkpoint and says what they are. It is written last, so an image without one was never
 * finished.
 *
 * @param format {@link #FORMAT}; readers refuse every other
 * @param runtime name of the runtime that wrote the image
 * @param version its exact version: it reads no image of another one
 * @param platform how system calls were intercepted; the state of the threads in the image depends on it
 * @param box what a box that goes on from the image must have in common with the original
 * @param files the image's files, in the order of {@link Part}
 */
public record BoxImageManifest(
        int format, String runtime, String version, RuntimePlatform platform, BoxFacts box, List<Content> files) {

    public static final int FORMAT = 1;

    private static final int MAX_WORD_CHARACTERS = 200;
    private static final Pattern CRC = Pattern.compile("[0-9a-f]{8}");

    /** The files of an image, in the order in which runsc wants their descriptors. */
    public enum Part {
        /** The sentry's objects: processes, descriptors, mounts; some megabytes. */
        STATE("checkpoint.img", true),
        /** Which page of memory lies where in {@link #PAGES}. */
        PAGES_METADATA("pages_meta.img", true),
        /** The memory of the box and what it wrote; as large as that. Too large to be read once more at every restore. */
        PAGES("pages.img", false);

        private final String fileName;
        private final boolean checked;

        Part(String fileName, boolean checked) {
            this.fileName = fileName;
            this.checked = checked;
        }

        public String fileName() {
            return fileName;
        }

        /** Whether the manifest has a checksum of the content; the length of every file is in it. */
        public boolean checked() {
            return checked;
        }
    }

    /** @param crc32c of the whole file in eight hexadecimal digits; empty for a file that is not {@link Part#checked} */
    public record Content(String name, long bytes, String crc32c) {}

    public BoxImageManifest {
        files = List.copyOf(files);
        if (format != FORMAT) {
            throw new IllegalArgumentException("format " + format + ", not " + FORMAT);
        }
        if (runtime.length() > MAX_WORD_CHARACTERS || version.length() > MAX_WORD_CHARACTERS) {
            throw new IllegalArgumentException("name or version is too long");
        }
        if (files.size() != Part.values().length) {
            throw new IllegalArgumentException(files.size() + " files, not " + Part.values().length);
        }
        for (Part part : Part.values()) {
            requireContentOf(part, files.get(part.ordinal()));
        }
    }

    private static void requireContentOf(Part part, Content content) {
        boolean checksum = part.checked()
                ? CRC.matcher(content.crc32c()).matches()
                : content.crc32c().isEmpty();
        // Memory may be empty only in theory; an empty state is what a full disk leaves.
        if (!content.name().equals(part.fileName()) || content.bytes() <= 0 || !checksum) {
            throw new IllegalArgumentException("not the content of " + part.fileName());
        }
    }

    public Content content(Part part) {
        return files.get(part.ordinal());
    }

    /** How much the image takes on disk, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(Content::bytes).sum();
    }

    /** What keeps {@code host} from reading the image, in words; or empty. */
    public Optional<String> differenceFrom(RuntimeDescription host) {
        if (!runtime.equals(host.name())) {
            return Optional.of("it is of the runtime " + runtime + ", this host has " + host.name());
        }
        if (!version.equals(host.version())) {
            return Optional.of("it is of " + runtime + " " + version + ", this host has " + host.version());
        }
        return platform == host.platform()
                ? Optional.empty()
                : Optional.of("it was taken on the platform " + platform.word() + ", this host uses "
                        + host.platform().word());
    }
}
