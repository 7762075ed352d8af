package dev.atoll.bench.load;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.CpuMeters;
import dev.atoll.bench.rest.RestApi;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The ways of files into a sandbox and out of it: our command line, HTTP alone, and docker's command line. */
public final class FileWays {
    private static final String LARGE = "/data/large";
    private static final String TREE = "/data/tree";

    private final RestApi api;
    private final Commands commands;
    private final Path launcher;
    private final Cargo cargo;
    private final LongSupplier clock;
    private final CpuMeter platformCpu;

    /** @param launcher what users call */
    public FileWays(Scene scene, RestApi api, Commands commands, Path launcher, Cargo cargo) {
        this.api = api;
        this.commands = commands;
        this.launcher = launcher;
        this.cargo = cargo;
        this.clock = scene.clock();
        this.platformCpu = scene.platformCpu();
    }

    /** Something that is copied once, and what is looked at afterwards without a clock. */
    @FunctionalInterface
    private interface Copy {
        After copy() throws IOException;
    }

    @FunctionalInterface
    private interface After {
        void look() throws IOException;
    }

    private static final After NOTHING = () -> {};

    private record Way(String name, Kind kind, CpuMeter cpu, LongSupplier clock, Copy copy) implements Contender {
        @Override
        public List<String> phases() {
            return List.of("total");
        }

        @Override
        public Round round() throws IOException {
            long start = clock.getAsLong();
            After after = copy.copy();
            long nanos = clock.getAsLong() - start;
            after.look();
            return Round.of(nanos);
        }
    }

    private Way cp(Copy copy) {
        CpuMeter children = CpuMeters.ofChildren();
        return new Way("atoll cp", Kind.OURS, () -> platformCpu.seconds() + children.seconds(), clock, copy);
    }

    private Way http(Copy copy) {
        return new Way("HTTP alone", Kind.OURS, platformCpu, clock, copy);
    }

    private Way docker(Copy copy) {
        return new Way("docker cp", Kind.PEER, CpuMeters.ofChildren(), clock, copy);
    }

    private void atollCp(String from, String to) throws IOException {
        commands.run(List.of(launcher.toString(), "cp", "--quiet", from, to), Map.of());
    }

    private static String files(String sandbox, String what, String path) {
        return "/v1/sandboxes/" + sandbox + "/files" + what + "?path=" + path;
    }

    List<Contender> largeUp(String sandbox, Optional<Peer> peer) {
        List<Contender> ways = new ArrayList<>();
        ways.add(cp(() -> {
            atollCp(cargo.big().toString(), sandbox + ":" + LARGE);
            return NOTHING;
        }));
        ways.add(http(() -> {
            api.upload(files(sandbox, "", LARGE), cargo.big());
            return NOTHING;
        }));
        peer.ifPresent(docker -> ways.add(docker(() -> {
            docker.copy(cargo.big().toString(), docker.at(LARGE));
            return NOTHING;
        })));
        return ways;
    }

    List<Contender> largeDown(String sandbox, Optional<Peer> peer) {
        List<Contender> ways = new ArrayList<>();
        ways.add(cp(() -> {
            Path to = cargo.place();
            atollCp(sandbox + ":" + LARGE, to.toString());
            return () -> sameLarge(to);
        }));
        ways.add(http(() -> {
            Path to = cargo.place();
            api.download(files(sandbox, "", LARGE), to);
            return () -> sameLarge(to);
        }));
        peer.ifPresent(docker -> ways.add(docker(() -> {
            Path to = cargo.place();
            docker.copy(docker.at(LARGE), to.toString());
            return () -> sameLarge(to);
        })));
        return ways;
    }

    /** A few large copies would fill a disk. */
    private void sameLarge(Path copy) throws IOException {
        cargo.requireBig(copy);
        Files.delete(copy);
    }

    /** @param emptied removes what is in the sandbox, which has no room for the trees of all rounds */
    List<Contender> smallUp(String sandbox, Path archive, Optional<Peer> peer, Emptied emptied) {
        List<Contender> ways = new ArrayList<>();
        ways.add(cp(() -> {
            String to = "/data/" + cargo.fresh();
            atollCp(cargo.small().toString(), sandbox + ":" + to);
            return () -> emptied.of(to);
        }));
        ways.add(http(() -> {
            String to = "/data/" + cargo.fresh();
            api.upload(files(sandbox, "/archive", to), archive);
            return () -> emptied.of(to);
        }));
        peer.ifPresent(docker -> ways.add(docker(() -> {
            docker.copy(cargo.small().toString(), docker.at("/data/" + cargo.fresh()));
            return NOTHING;
        })));
        return ways;
    }

    List<Contender> smallDown(String sandbox, Optional<Peer> peer) {
        List<Contender> ways = new ArrayList<>();
        ways.add(cp(() -> {
            Path to = cargo.place();
            atollCp(sandbox + ":" + TREE, to.toString());
            return () -> cargo.requireSmall(to);
        }));
        ways.add(http(() -> {
            api.download(files(sandbox, "/archive", TREE), cargo.place());
            return NOTHING;
        }));
        peer.ifPresent(docker -> ways.add(docker(() -> {
            Path to = cargo.place();
            docker.copy(docker.at(TREE), to.toString());
            return () -> cargo.requireSmall(to);
        })));
        return ways;
    }

    /** Puts the tree into the sandbox and the container, and gets it back as an archive. */
    Path prepareSmall(String sandbox, Optional<Peer> peer) throws IOException {
        atollCp(cargo.small().toString(), sandbox + ":" + TREE);
        if (peer.isPresent()) {
            peer.get().copy(cargo.small().toString(), peer.get().at(TREE));
        }
        Path archive = cargo.place();
        api.download(files(sandbox, "/archive", TREE), archive);
        return archive;
    }

    /** Removes a tree in the sandbox. */
    @FunctionalInterface
    interface Emptied {
        void of(String path) throws IOException;
    }

    /** A container and the way to it. */
    interface Peer {
        /** A path in the container, as {@link #copy} takes it. */
        String at(String path);

        void copy(String from, String to) throws IOException;
    }
}
