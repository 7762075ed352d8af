package dev.atoll.bench.load;

import java.util.List;

/** The files that sandboxes run in a benchmark. */
public enum ImageChoice {
    /** One static busybox: the floor. */
    BUSYBOX("bench-busybox", "one static busybox"),
    /** The image that sandboxes get when they ask for none, from Debian packages: what users feel. */
    BASE("base", "the platform's image 'base' (Debian)");

    /** {@code true} under the same name in both: a static program in one, a dynamically linked one in the other. */
    static final List<String> TRUE = List.of("/bin/true");

    private final String image;
    private final String description;

    ImageChoice(String image, String description) {
        this.image = image;
        this.description = description;
    }

    String image() {
        return image;
    }

    String description() {
        return description;
    }

    /** What {@code true} is there. */
    String linkage() {
        return switch (this) {
            case BUSYBOX -> "static true (busybox)";
            case BASE -> "dynamically linked true";
        };
    }
}
