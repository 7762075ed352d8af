package dev.atoll.bench.load;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.AttachedSocket;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Interleaving;
import dev.atoll.bench.turn.Round;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a key pressed to its echo: over a WebSocket to a terminal, beside {@code runsc exec} and a process of the host's over pipes. */
public final class EchoBenchmark implements Benchmark {
    private static final int WARM_UP = 300;
    private static final int LETTER = 'x';
    private static final List<String> CAT = List.of("/bin/busybox", "cat");
    private static final List<String> RAW_CAT =
            List.of("/bin/busybox", "sh", "-c", "/bin/busybox stty raw -echo; exec /bin/busybox cat");

    private final Scene scene;
    private final int rounds;

    public EchoBenchmark(Scene scene, int rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of("warm-up", WARM_UP + " uncounted keys of each, then in turns, one key at a time");
    }

    @Override
    public List<Section> run() throws IOException {
        PeerFiles files = scene.images().prepare(ImageChoice.BUSYBOX);
        Template template = new Template(files.image(), String.valueOf(scene.cores()), CreateBenchmark.MEMORY);
        String ours = scene.sandboxes().create(template.request(Start.ANY)).id();
        try {
            String runsc = scene.runsc().create(files);
            try {
                return inTurns(ours, runsc);
            } finally {
                scene.runsc().delete(runsc);
            }
        } finally {
            scene.sandboxes().delete(ours);
        }
    }

    private List<Section> inTurns(String ours, String runsc) throws IOException {
        try (AttachedSocket terminal = attach(ours, CAT, true);
                AttachedSocket program = attach(ours, RAW_CAT, true);
                AttachedSocket pipes = attach(ours, CAT, false);
                var peer = scene.runsc().talkingTo(runsc, CAT);
                var host = scene.runsc().talkingToHost()) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(of("atoll, echo by the terminal", Kind.OURS, () -> terminal.echo(LETTER)));
            contenders.add(of("atoll, echo by a program on a terminal", Kind.OURS, () -> program.echo(LETTER)));
            contenders.add(of("atoll, echo by a program over pipes", Kind.OURS, () -> pipes.echo(LETTER)));
            contenders.add(of("runsc exec, by a program over pipes", Kind.PEER, () -> peer.echo(LETTER)));
            contenders.add(of("host cat over pipes, for scale", Kind.SCALE, () -> host.echo(LETTER)));
            Interleaving turns = new Interleaving(WARM_UP, rounds, () -> {}, done -> scene.round(done, rounds));
            return Interleaving.sections("echo: from a key to its echo, over loopback", turns.run(contenders));
        }
    }

    private AttachedSocket attach(String sandbox, List<String> argv, boolean terminal) throws IOException {
        JsonObject request = new JsonObject();
        request.put("argv", new JsonArray(argv));
        request.put("stdin", true);
        if (terminal) {
            JsonObject size = new JsonObject();
            size.put("rows", 24);
            size.put("columns", 80);
            request.put("terminal", size);
        }
        String execs = "/v1/sandboxes/" + sandbox + "/execs";
        byte[] body = JsonWriter.string(request).getBytes(StandardCharsets.UTF_8);
        return scene.api().attach(execs + "/" + scene.api().post(execs, body).text("id") + "/attach");
    }

    private interface Key {
        void press() throws IOException;
    }

    private Contender of(String name, Kind kind, Key key) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Kind kind() {
                return kind;
            }

            @Override
            public List<String> phases() {
                return List.of("total");
            }

            @Override
            public CpuMeter cpu() {
                return CpuMeter.none();
            }

            @Override
            public Round round() throws IOException {
                long start = scene.clock().getAsLong();
                key.press();
                return Round.of(scene.clock().getAsLong() - start);
            }
        };
    }
}
