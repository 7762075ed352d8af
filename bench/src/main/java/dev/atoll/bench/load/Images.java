package dev.atoll.bench.load;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.peer.BusyboxTree;
import dev.atoll.bench.peer.ErofsFile;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.problem.BenchException;
import dev.atoll.bench.rest.Answer;
import dev.atoll.bench.rest.RestApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Gives all sides the same files: an image on the platform, and a directory for the others. */
public final class Images {
    private static final int MOST_WAITS = 20;

    private final RestApi api;
    private final Path home;
    private final Path work;
    private final Commands commands;
    private final Consumer<String> progress;

    /**
     * @param home the platform's data directory
     * @param work a directory of ours
     */
    public Images(RestApi api, Path home, Path work, Commands commands, Consumer<String> progress) {
        this.api = api;
        this.home = home;
        this.work = work;
        this.commands = commands;
        this.progress = progress;
    }

    /** The files of an image, which the platform then has too. */
    PeerFiles prepare(ImageChoice choice) throws IOException {
        Path root = work.resolve("files-" + choice.image());
        boolean fresh = !Files.isDirectory(root);
        switch (choice) {
            case BUSYBOX -> {
                BusyboxTree.require();
                provideBusybox();
                if (fresh) {
                    BusyboxTree.writeTo(root);
                }
            }
            case BASE -> {
                String id = awaitBase();
                if (fresh) {
                    progress.accept("taking the image 'base' apart for the others");
                    ErofsFile.extract(
                            home.resolve("host/images/images").resolve(id).resolve("rootfs.erofs"), root, commands);
                }
            }
        }
        return new PeerFiles(choice.image(), root);
    }

    /** Gives the platform the busybox image alone. */
    void provideBusybox() throws IOException {
        api.put("/v1/images/" + ImageChoice.BUSYBOX.image(), BusyboxTree.tar());
    }

    /** The id of the image {@code base}, which is made when it is not there: minutes, and the network. */
    private String awaitBase() throws IOException {
        api.post("/v1/images/base/make", new byte[0]);
        for (int waits = 0; waits < MOST_WAITS; waits++) {
            Answer now = api.get("/v1/images/base?wait=30s");
            switch (now.text("state")) {
                case "ready" -> {
                    return now.text("id");
                }
                case "failed" ->
                    throw BenchException.unavailable(
                            "base_not_made",
                            "The image 'base' could not be made: " + now.text("progress"),
                            "Measure with --image busybox.");
                default -> progress.accept("the image 'base' is being made: " + now.text("progress"));
            }
        }
        throw BenchException.unavailable(
                "base_not_made", "The image 'base' was not made in ten minutes.", "Measure with --image busybox.");
    }
}
