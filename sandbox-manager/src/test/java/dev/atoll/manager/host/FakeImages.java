package dev.atoll.manager.host;

import dev.atoll.model.id.Ids;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The images of a {@link FakeHost}: {@code base} from the beginning; an archive is taken in whatever it holds, except one that begins with
 * {@code bad}.
 */
final class FakeImages implements HostImages {
    static final ImageName BASE = new ImageName("base");

    private final FakeHost host;
    private final Clock clock;
    private final Map<ImageName, Image> images = new ConcurrentHashMap<>();

    FakeImages(FakeHost host, Clock clock) {
        this.host = host;
        this.clock = clock;
        put(BASE, "base".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<Image> images() {
        host.faults().before("images");
        return images.values().stream()
                .sorted(Comparator.comparing(image -> image.name().value()))
                .toList();
    }

    @Override
    public Image image(ImageName name, boolean make, Duration wait) {
        host.faults().before("image");
        return find(name);
    }

    @Override
    public Image importArchive(ImageName name, InputStream archive) {
        host.faults().before("importArchive");
        try {
            byte[] content = archive.readAllBytes();
            if (new String(content, StandardCharsets.ISO_8859_1).startsWith("bad")) {
                throw Problem.of(ProblemCode.IMAGE_INVALID, "The archive cannot be read.", "Send a tar.")
                        .asException();
            }
            return put(name, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void remove(ImageName name) {
        host.faults().before("removeImage");
        find(name);
        images.remove(name);
    }

    ImageId ready(ImageName name) {
        return find(name).id().orElseThrow();
    }

    private Image find(ImageName name) {
        return Optional.ofNullable(images.get(name))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.IMAGE_NOT_FOUND,
                                "There is no image '" + name + "'.",
                                "Import it, or use 'base'.")
                        .withNext("GET /v1/images")
                        .asException());
    }

    private Image put(ImageName name, byte[] content) {
        Image image = new Image(
                name,
                Optional.of(Ids.imageOf(sha256(content))),
                ImageState.READY,
                content.length,
                "",
                ImageConfig.NONE,
                clock.instant());
        images.put(name, image);
        return image;
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
