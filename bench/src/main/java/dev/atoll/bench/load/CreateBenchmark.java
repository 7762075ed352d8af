package dev.atoll.bench.load;

import dev.atoll.bench.figure.Remark;
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

/** From nothing to a first {@code true} that has finished, beside runsc and docker, for each kind of start apart. */
public final class CreateBenchmark implements Benchmark {
    /** Uncounted rounds of each side: both JVMs have then compiled what they run most. */
    static final int WARM_UP = 20;

    static final String MEMORY = "1Gi";
    static final String NOTHING_READY = "This platform keeps nothing ready, so every create is a cold one.";

    private final Scene scene;
    private final int rounds;
    private final List<ImageChoice> images;

    public CreateBenchmark(Scene scene, int rounds, List<ImageChoice> images) {
        this.scene = scene;
        this.rounds = rounds;
        this.images = List.copyOf(images);
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "warm-up", WARM_UP + " uncounted rounds of each, then in turns; before each turn the pools are full");
    }

    @Override
    public List<Section> run() throws IOException {
        List<Section> sections = new ArrayList<>();
        for (ImageChoice image : images) {
            sections.addAll(measure(image));
        }
        return sections;
    }

    private List<Section> measure(ImageChoice image) throws IOException {
        PeerFiles files = scene.images().prepare(image);
        if (scene.docker().isPresent()) {
            scene.progress().accept("giving docker the files of " + image.image());
            scene.docker().get().importTree(files);
        }
        Template template = new Template(image.image(), String.valueOf(scene.cores()), MEMORY);
        List<Section> sections = new ArrayList<>();
        List<Contender> contenders = new ArrayList<>();
        addOurs(template, contenders, sections);
        contenders.add(scene.runsc().creating(files, ImageChoice.TRUE));
        contenders.add(scene.runsc().running(files, ImageChoice.TRUE));
        scene.docker().ifPresent(docker -> contenders.add(docker.running(files, ImageChoice.TRUE)));
        contenders.add(scene.runsc().hostProcess());
        Interleaving turns = new Interleaving(WARM_UP, rounds, scene.state(), done -> scene.round(done, rounds));
        sections.addAll(Interleaving.sections(
                "create + " + image.linkage() + ": " + image.description(), turns.run(contenders)));
        return sections;
    }

    private void addOurs(Template template, List<Contender> contenders, List<Section> sections) throws IOException {
        byte[] command = Sandboxes.command(ImageChoice.TRUE);
        // A platform that goes by demand has to see a create before it keeps another of the kind ready.
        scene.sandboxes()
                .delete(scene.sandboxes().create(template.request(Start.ANY)).id());
        if (scene.state().keepsReady(template)) {
            contenders.add(scene.ours().creatingWarm(template, command));
            contenders.add(scene.ours().creatingCold(template, command));
        } else {
            contenders.add(scene.ours().creating(template, command));
            sections.add(new Remark("start", NOTHING_READY));
        }
    }
}
