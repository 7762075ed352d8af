package dev.atoll.bench.load;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.peer.DockerPeer;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Interleaving;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A large file and many small ones into a sandbox and out of it, beside {@code docker cp}. */
public final class FilesBenchmark implements Benchmark {
    private static final int WARM_UP = 2;
    private static final String MEMORY = "1Gi";
    private static final String DISK = "16Gi";

    private final Scene scene;
    private final FileWays ways;
    private final Cargo cargo;
    private final int rounds;
    private final int bigRounds;

    /**
     * @param rounds with the small files
     * @param bigRounds with the large one
     */
    public FilesBenchmark(Scene scene, FileWays ways, Cargo cargo, int rounds, int bigRounds) {
        this.scene = scene;
        this.ways = ways;
        this.cargo = cargo;
        this.rounds = rounds;
        this.bigRounds = bigRounds;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "files",
                cargo.files() + " of " + Cargo.SMALL_BYTES + " random bytes, and one of " + (cargo.bigBytes() >> 20)
                        + " MiB; " + WARM_UP + " uncounted rounds of each way, then in turns",
                "HTTP alone",
                "one request: the file, or a tar archive that was made before and is not unpacked here");
    }

    @Override
    public List<Section> run() throws IOException {
        scene.progress().accept("writing the files");
        cargo.writeBig();
        cargo.writeSmall();
        PeerFiles files = scene.images().prepare(ImageChoice.BUSYBOX);
        String sandbox = scene.sandboxes().create(request(files.image())).id();
        try {
            return withDocker(files, sandbox);
        } finally {
            scene.sandboxes().delete(sandbox);
        }
    }

    private byte[] request(String image) {
        JsonObject body = new JsonObject();
        body.put("image", image);
        body.put("cpu", String.valueOf(scene.cores()));
        body.put("memory", MEMORY);
        body.put("disk", DISK);
        body.put("ttl", "6h");
        return JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
    }

    private List<Section> withDocker(PeerFiles files, String sandbox) throws IOException {
        execute(sandbox, "mkdir", "-p", "/data");
        if (scene.docker().isEmpty()) {
            return measure(sandbox, Optional.empty());
        }
        DockerPeer docker = scene.docker().get();
        docker.importTree(files);
        String container = docker.create(files);
        try {
            // In the container's files on the host, where docker cp puts things: what runs in it does not show there.
            docker.copy(emptyDirectory(files).toString(), container + ":/data");
            return measure(sandbox, Optional.of(new InContainer(docker, container)));
        } finally {
            docker.delete(container);
        }
    }

    private static Path emptyDirectory(PeerFiles files) {
        return files.root().resolve("tmp");
    }

    private void execute(String sandbox, String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of("/bin/busybox"));
        argv.addAll(List.of(words));
        var _ = scene.sandboxes().exec(sandbox, Sandboxes.command(argv));
    }

    private List<Section> measure(String sandbox, Optional<FileWays.Peer> peer) throws IOException {
        List<Section> sections = new ArrayList<>();
        Path archive = ways.prepareSmall(sandbox, peer);
        String small = cargo.files() + " small files ";
        sections.addAll(turns(
                small + "into the sandbox",
                rounds,
                ways.smallUp(sandbox, archive, peer, tree -> execute(sandbox, "rm", "-rf", tree))));
        sections.addAll(turns(small + "out of it", rounds, ways.smallDown(sandbox, peer)));
        String large = (cargo.bigBytes() >> 20) + " MiB ";
        sections.addAll(turns(large + "into the sandbox", bigRounds, ways.largeUp(sandbox, peer)));
        sections.addAll(turns(large + "out of it", bigRounds, ways.largeDown(sandbox, peer)));
        return sections;
    }

    private List<Section> turns(String title, int count, List<Contender> contenders) throws IOException {
        scene.progress().accept(title);
        Interleaving turns = new Interleaving(WARM_UP, count, scene.state(), done -> scene.round(done, count));
        return Interleaving.sections(title, turns.run(contenders));
    }

    private record InContainer(DockerPeer docker, String name) implements FileWays.Peer {
        @Override
        public String at(String path) {
            return name + ":" + path;
        }

        @Override
        public void copy(String from, String to) throws IOException {
            docker.copy(from, to);
        }
    }
}
