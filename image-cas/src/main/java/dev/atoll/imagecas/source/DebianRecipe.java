package dev.atoll.imagecas.source;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A root file system assembled from Debian packages.
 *
 * @param suite code name of the release, for instance {@code bookworm}
 * @param mirror base URL of a Debian mirror; where none is given, mmdebstrap takes the archive that it knows for the suite
 * @param packages names of the packages to install on top of the essential ones, with what they depend on
 * @param edition names what else goes into the image, so that one that was made of something else can be told; may be empty
 */
public record DebianRecipe(String suite, Optional<String> mirror, List<String> packages, String edition)
        implements ImageSource {
    public static final String DEFAULT_SUITE = "bookworm";

    private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9-]{1,40}");
    private static final Pattern MIRROR = Pattern.compile("(https?|file)://[A-Za-z0-9._~:/\\[\\]@%-]{1,300}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,100}");

    /** Throws a problem when a value could be read as anything but what it is meant to be. */
    public DebianRecipe {
        packages = List.copyOf(packages);
        require(
                SUITE.matcher(suite).matches(),
                "The Debian suite '" + suite + "' is not a code name such as bookworm.");
        require(
                mirror.isEmpty() || MIRROR.matcher(mirror.get()).matches(),
                "The Debian mirror '" + mirror.orElse("") + "' is not an http, https or file URL.");
        for (String name : packages) {
            require(PACKAGE.matcher(name).matches(), "'" + name + "' is not the name of a Debian package.");
        }
    }

    /** A recipe that is of no edition. */
    public DebianRecipe(String suite, Optional<String> mirror, List<String> packages) {
        this(suite, mirror, packages, "");
    }

    @Override
    public String describe() {
        return "Debian " + suite + (edition.isEmpty() ? "" : ", edition " + edition);
    }

    private static void require(boolean valid, String otherwise) {
        if (!valid) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, otherwise, "Correct the recipe of the image.")
                    .asException();
        }
    }
}
