package dev.atoll.bench.load;

import dev.atoll.bench.figure.Section;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.Sandboxes;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Interleaving;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code python3 -c 'print(1)'} in a sandbox of its own, from one call to its answer, beside {@code docker run --rm} and {@code runsc run},
 * and beside the same in three calls.
 */
public final class RunBenchmark implements Benchmark {
    private static final List<String> PYTHON = List.of("/usr/bin/python3", "-c", "print(1)");

    private final Scene scene;
    private final int rounds;

    public RunBenchmark(Scene scene, int rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "warm-up",
                CreateBenchmark.WARM_UP
                        + " uncounted rounds of each, then in turns; before each turn the pools are full");
    }

    @Override
    public List<Section> run() throws IOException {
        PeerFiles files = scene.images().prepare(ImageChoice.BASE);
        if (scene.docker().isPresent()) {
            scene.progress().accept("giving docker the files of " + ImageChoice.BASE.image());
            scene.docker().get().importTree(files);
        }
        Template template =
                new Template(ImageChoice.BASE.image(), String.valueOf(scene.cores()), CreateBenchmark.MEMORY);
        // A platform that goes by demand has to see a create before it keeps another of the kind ready.
        scene.sandboxes()
                .delete(scene.sandboxes().create(template.request(Start.ANY)).id());
        List<Contender> contenders = new ArrayList<>();
        contenders.add(scene.ours().runningOnce(template, template.run(PYTHON)));
        contenders.add(scene.ours().creatingWarm(template, Sandboxes.command(PYTHON)));
        contenders.add(scene.runsc().running(files, PYTHON));
        scene.docker().ifPresent(docker -> contenders.add(docker.running(files, PYTHON)));
        Interleaving turns =
                new Interleaving(CreateBenchmark.WARM_UP, rounds, scene.state(), done -> scene.round(done, rounds));
        return Interleaving.sections("python3 -c 'print(1)' in a sandbox of its own", turns.run(contenders));
    }
}
