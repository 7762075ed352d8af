package dev.atoll.api.file;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.WatchPage;
import dev.atoll.manager.file.Watches;
import dev.atoll.model.file.FileOperation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes below a directory: as a stream, or page by page for clients that cannot read one. */
public final class WatchRoutes {
    private static final List<String> FORMS = List.of(MediaTypes.JSON, MediaTypes.EVENT_STREAM);
    private static final int OK = 200;

    private final Watches watches;
    private final WatchFollowing following;

    public WatchRoutes(Watches watches, WatchFollowing following) {
        this.watches = watches;
        this.following = following;
    }

    public List<Route> routes() {
        return List.of(Route.of(
                "watchFiles",
                Method.GET,
                FileRoutes.PATH + "/watch",
                Set.of("path", "user", "workspace", "recursive", "cursor", "wait"),
                this::watch));
    }

    private void watch(Call call) throws IOException {
        FileAccess access = FileQuery.access(call);
        FileOperation.Watch watch =
                new FileOperation.Watch(FileQuery.directory(call), call.query().truth("recursive", false));
        String form = MediaTypes.chosen(call.header("Accept"), FORMS);
        if (form.equals(MediaTypes.EVENT_STREAM)) {
            following.follow(call, access, watch);
            return;
        }
        Duration wait = call.query().waitFor(Duration.ZERO);
        Optional<String> cursor = call.query().one("cursor");
        WatchPage page = cursor.isPresent() ? watches.after(access, cursor.get(), wait) : watches.begin(access, watch);
        call.answer(OK, json -> FileJson.writePage(json, page));
    }
}
