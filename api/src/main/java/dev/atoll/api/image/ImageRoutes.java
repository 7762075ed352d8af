package dev.atoll.api.image;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.manager.image.Images;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The routes of images. */
public final class ImageRoutes {
    /** The collection of images. */
    public static final String PATH = "/v1/images";

    private static final String ONE = PATH + "/{image_name}";
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    private final Images images;

    public ImageRoutes(Images images) {
        this.images = images;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("listImages", Method.GET, PATH, Set.of(), this::list),
                Route.of("getImage", Method.GET, ONE, Set.of("until", "wait"), this::get),
                Route.of("importImage", Method.PUT, ONE, Set.of(), this::importArchive),
                Route.of("deleteImage", Method.DELETE, ONE, Set.of(), this::delete),
                Route.of("makeImage", Method.POST, ONE + "/make", Set.of(), this::make));
    }

    private void list(Call call) throws IOException {
        List<Image> all = images.list(call.caller()).stream()
                .sorted(Comparator.comparing(image -> image.name().value()))
                .toList();
        call.answer(OK, json -> ImageJson.writeList(json, all));
    }

    private void get(Call call) throws IOException {
        ImageName name = name(call);
        call.query().one("until").filter(goal -> !goal.equals("ready")).ifPresent(goal -> {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "until is not one that images have.", "Send until=ready.")
                    .asException();
        });
        Image image = images.get(call.caller(), name, call.query().waitFor(Duration.ZERO));
        call.answer(OK, json -> ImageJson.write(json, image));
    }

    private void importArchive(Call call) throws IOException {
        ImageName name = name(call);
        try (InputStream archive = call.stream(HttpLimits.MAX_IMAGE_BYTES)) {
            Image image = images.importArchive(call.caller(), name, archive);
            call.location(PATH + "/" + name).answer(CREATED, json -> ImageJson.write(json, image));
        }
    }

    private void delete(Call call) {
        images.remove(call.caller(), name(call));
        call.done();
    }

    /** Needs no memory of its idempotency key: what is asked for twice is made once. */
    private void make(Call call) throws IOException {
        IdempotencyKeys.of(call);
        ImageName name = name(call);
        Image image = images.make(call.caller(), name);
        call.location(PATH + "/" + name).answer(ACCEPTED, json -> ImageJson.write(json, image));
    }

    private static ImageName name(Call call) {
        return new ImageName(call.path("image_name"));
    }
}
