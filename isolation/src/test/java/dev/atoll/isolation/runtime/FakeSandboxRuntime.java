package dev.atoll.isolation.runtime;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/** A {@link SandboxRuntime} without a host: it fulfils the contract, and {@link FakeHost} scripts the rest. */
public final class FakeSandboxRuntime implements SandboxRuntime {

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FakeHost host;

    public FakeSandboxRuntime(FakeHost host) {
        this.host = host;
    }

    @Override
    public RuntimeDescription describe() {
        return new RuntimeDescription("fake", "1", RuntimePlatform.SYSTRAP, Set.of(), List.of("It isolates nothing."));
    }

    @Override
    public void create(BoxSpec spec) {
        if (host.box(spec.id()).isPresent()) {
            throw problem(ProblemCode.SANDBOX_START_FAILED, spec.id(), "exists already");
        }
        try {
            host.enter(FakeHost.Call.CREATE, spec.id());
        } catch (FakeHost.FailedCreate scripted) {
            host.add(spec, true);
            throw scripted.failure;
        }
        if (!Files.exists(spec.root().source())) {
            host.add(spec, true);
            throw problem(ProblemCode.SANDBOX_START_FAILED, spec.id(), "has no root filesystem");
        }
        host.add(spec, false);
    }

    @Override
    public void start(BoxId id) {
        FakeHost.FakeBox box = untouched(id);
        host.enter(FakeHost.Call.START, id);
        synchronized (box) {
            box.started = true;
        }
        host.pid1().accept(box.spec);
    }

    @Override
    public BoxImage checkpoint(BoxId id, Path directory) {
        FakeHost.FakeBox box = started(id);
        try {
            BoxImage.makeDirectory(directory);
        } catch (IOException failed) {
            throw problem(ProblemCode.CHECKPOINT_FAILED, id, "has no directory for its checkpoint");
        }
        try {
            host.enter(FakeHost.Call.CHECKPOINT, id);
            for (BoxImageManifest.Part part : BoxImageManifest.Part.values()) {
                Path file = directory.resolve(part.fileName());
                Files.createFile(file, FOR_OWNER_ALONE);
                Files.writeString(file, id.value());
            }
            return BoxImage.seal(directory, describe(), facts(box.spec));
        } catch (IOException failed) {
            remove(directory);
            throw problem(ProblemCode.CHECKPOINT_FAILED, id, "could not be checkpointed");
        } catch (RuntimeException scripted) {
            remove(directory);
            throw scripted;
        }
    }

    private static void remove(Path directory) {
        try {
            BoxImage.remove(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void restore(BoxId id, BoxImage image) {
        FakeHost.FakeBox box = untouched(id);
        image.requireFit(describe(), facts(box.spec));
        image.requireIntact();
        try {
            host.enter(FakeHost.Call.RESTORE, id);
            BoxId original = new BoxId(Files.readString(image.path(BoxImageManifest.Part.STATE)));
            synchronized (box) {
                box.started = true;
            }
            host.restoredPid1().accept(box.spec, original);
        } catch (IOException failed) {
            box.spoilt = true;
            throw problem(ProblemCode.RESTORE_FAILED, id, "could not be restored");
        } catch (RuntimeException scripted) {
            box.spoilt = true;
            throw scripted;
        }
    }

    /** The files that a spec names need not exist here, so their names stand for what is in them. */
    private static BoxFacts facts(BoxSpec spec) {
        String guest = digest(spec.guestBinary().toString());
        String root = digest(spec.root().source().toString());
        BoxFacts.RootFacts rootFacts = switch (spec.root()) {
            case RootFilesystem.ErofsFile erofs -> new BoxFacts.RootFacts(BoxFacts.RootFacts.Kind.EROFS, 1, root);
            case RootFilesystem.DirectoryTree tree ->
                new BoxFacts.RootFacts(BoxFacts.RootFacts.Kind.DIRECTORY, 0, root);
        };
        return new BoxFacts(spec.limits().memoryBytes(), spec.limits().openFiles(), rootFacts, guest, digest("fake"));
    }

    private static String digest(String text) {
        return HexFormat.of().toHexDigits(text.hashCode()).repeat(8);
    }

    @Override
    public void signal(BoxId id, int signo) {
        FakeHost.FakeBox box = started(id);
        host.enter(FakeHost.Call.SIGNAL, id);
        if (signo == SIGKILL || signo == SIGTERM) {
            box.exit.complete(new BoxExit.Signaled(signo));
        }
    }

    /** Isolates nothing here either: the service sees the files of this machine. */
    @Override
    public BoxService startService(BoxId id, List<String> arguments) {
        return ProcessService.start(started(id).spec.guestBinary(), arguments);
    }

    @Override
    public void pause(BoxId id) {
        FakeHost.FakeBox box = started(id);
        host.enter(FakeHost.Call.PAUSE, id);
        box.paused = true;
    }

    @Override
    public void resume(BoxId id) {
        FakeHost.FakeBox box = started(id);
        host.enter(FakeHost.Call.RESUME, id);
        box.paused = false;
    }

    @Override
    public void setPriority(BoxId id, BoxPriority priority) {
        FakeHost.FakeBox box = live(id);
        host.enter(FakeHost.Call.SET_PRIORITY, id);
        box.priority = priority;
    }

    @Override
    public long cpuNanos(BoxId id) {
        return live(id).cpuNanos;
    }

    @Override
    public BoxHolding holding(BoxId id) {
        return new BoxHolding(live(id).cpuNanos, 1 << 20);
    }

    @Override
    public long diskBytes(BoxId id) {
        return live(id).written;
    }

    @Override
    public BoxUsage usage(BoxId id) {
        FakeHost.FakeBox box = started(id);
        host.enter(FakeHost.Call.USAGE, id);
        return new BoxUsage(1 << 20, box.cpuNanos, 1, box.written);
    }

    @Override
    public Optional<BoxProcess> find(BoxId id) {
        return host.box(id).filter(box -> !box.halfMade && !box.exit.isDone()).map(box -> box.process);
    }

    @Override
    public BoxExit awaitExit(BoxId id) throws InterruptedException {
        Optional<FakeHost.FakeBox> box = host.box(id);
        if (box.isEmpty() || box.get().halfMade) {
            return new BoxExit.Lost("this host does not know the box");
        }
        try {
            return box.get().exit.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void destroy(BoxId id) {
        host.enter(FakeHost.Call.DESTROY, id);
        host.box(id).ifPresent(box -> box.exit.complete(new BoxExit.Signaled(SIGKILL)));
        host.remove(id);
    }

    @Override
    public Set<BoxId> list() {
        return new TreeSet<>(host.ids());
    }

    @Override
    public void close() {}

    private FakeHost.FakeBox live(BoxId id) {
        FakeHost.FakeBox box = host.box(id)
                .filter(known -> !known.halfMade)
                .orElseThrow(() -> problem(ProblemCode.SANDBOX_NOT_FOUND, id, "is not on this host"));
        if (box.exit.isDone()) {
            throw problem(ProblemCode.SANDBOX_STOPPED, id, "has ended");
        }
        return box;
    }

    private FakeHost.FakeBox started(BoxId id) {
        FakeHost.FakeBox box = live(id);
        if (box.spoilt) {
            throw problem(ProblemCode.RESTORE_FAILED, id, "could not be restored");
        }
        if (!box.started) {
            throw problem(ProblemCode.SANDBOX_NOT_READY, id, "has not been started");
        }
        return box;
    }

    private FakeHost.FakeBox untouched(BoxId id) {
        FakeHost.FakeBox box = live(id);
        if (box.spoilt) {
            throw problem(ProblemCode.RESTORE_FAILED, id, "could not be restored");
        }
        synchronized (box) {
            if (box.started) {
                throw problem(ProblemCode.SANDBOX_START_FAILED, id, "was started before");
            }
        }
        return box;
    }

    private static ProblemException problem(ProblemCode code, BoxId id, String what) {
        return Problem.of(code, "Box " + id + " " + what + ".").asException();
    }
}
