package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxException;
import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxImageManifest;
import dev.atoll.isolation.runtime.RuntimePlatform;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has one box write or read the files of an image: over its control socket, with descriptors that are opened here, or by a
 * runsc command where a build lacks the method.
 */
final class ImageCalls {

    private static final int FOR_OWNER_ALONE = 0600;
    private static final Path KVM = Path.of("/dev/kvm");

    /** Field names as {@code SaveOpts} of the sentry has them, the same in every build since the floor. */
    private static final Map<String, Object> CHECKPOINT =
            Map.of("metadata", Map.of("compression", "none"), "have_pages_file", true, "Resume", true);

    private final BoxId id;
    private final ControlSocket socket;
    private final RunscCommand commands;
    private final RuntimePlatform platform;
    private final Duration timeout;

    ImageCalls(BoxId id, ControlSocket socket, RunscCommand commands, RuntimePlatform platform, Duration timeout) {
        this.id = id;
        this.socket = socket;
        this.commands = commands;
        this.platform = platform;
        this.timeout = timeout;
    }

    /** The connection to the box broke before the answer: it may have ended. */
    static final class HungUp extends IOException {
        private static final long serialVersionUID = 1L;

        HungUp(String method, IOException cause) {
            super("the box hung up on " + method, cause);
        }
    }

    /** Writes the three files into a directory that has none of them; on failure some may be there. */
    void write(Path directory) throws IOException {
        List<Fd> files = new ArrayList<>();
        ControlReply reply;
        try {
            for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
                files.add(LinuxFiles.create(directory.resolve(part.fileName()), FOR_OWNER_ALONE));
            }
            reply = call("containerManager.Checkpoint", CHECKPOINT, files);
        } finally {
            files.forEach(Fd::close);
        }
        switch (reply) {
            case ControlReply.Success done -> {}
            case ControlReply.Refused(String error) ->
                throw new IOException("the box refused the checkpoint: " + error);
            case ControlReply.UnknownMethod unknown -> writeByCommand(directory);
        }
    }

    /** The command insists on making the files itself. */
    private void writeByCommand(Path directory) throws IOException {
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            Files.delete(directory.resolve(part.fileName()));
        }
        CommandRun.run(commands.checkpoint(id, directory), timeout).requireSuccess();
        for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
            Files.setPosixFilePermissions(
                    directory.resolve(part.fileName()), PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** Lets the box, which has been created only, go on from the files; a failure spoils it. */
    void read(BoxImage image) throws IOException {
        List<Fd> files = new ArrayList<>();
        ControlReply reply;
        try {
            for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
                files.add(LinuxFiles.open(image.path(part), LinuxFiles.OpenMode.READ_ONLY));
            }
            boolean device = platform == RuntimePlatform.KVM;
            if (device) {
                // A restore makes the platform anew, and the sentry can open nothing by itself.
                files.add(LinuxFiles.open(KVM, LinuxFiles.OpenMode.READ_WRITE));
            }
            Map<String, Object> argument = Map.of("HavePagesFile", true, "HaveDeviceFile", device);
            reply = call("containerManager.Restore", argument, files);
        } finally {
            files.forEach(Fd::close);
        }
        switch (reply) {
            case ControlReply.Success done -> {}
            case ControlReply.Refused(String error) -> throw new IOException("the box refused the restore: " + error);
            case ControlReply.UnknownMethod unknown ->
                CommandRun.run(commands.restore(id, image.directory()), timeout).requireSuccess();
        }
    }

    private ControlReply call(String method, Object argument, List<Fd> files) throws IOException {
        try {
            return socket.call(method, argument, files, timeout);
        } catch (EOFException | LinuxException broken) {
            throw new HungUp(method, broken);
        }
    }
}
