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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command in a sandbox that runs, beside {@code runsc exec} and {@code docker exec}. */
public final class ExecBenchmark implements Benchmark {
    private static final int WARM_UP = 20;
    private static final List<String> NOTHING = List.of("/bin/nothing");
    private static final List<String> MUSL_TRUE = List.of("/bin/musl-true");
    private static final List<String> PYTHON = List.of("/usr/bin/python3", "-I", "-c", "pass");

    private final Scene scene;
    private final int rounds;
    private final List<ImageChoice> images;

    public ExecBenchmark(Scene scene, int rounds, List<ImageChoice> images) {
        this.scene = scene;
        this.rounds = rounds;
        this.images = List.copyOf(images);
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of("warm-up", WARM_UP + " uncounted rounds of each, then in turns");
    }

    @Override
    public List<Section> run() throws IOException {
        List<Section> sections = new ArrayList<>();
        for (ImageChoice image : images) {
            sections.addAll(measure(image));
        }
        return sections;
    }

    /** What is run in an image, by a name for it. */
    private static Map<String, List<String>> commands(ImageChoice image) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(image.linkage(), ImageChoice.TRUE);
        switch (image) {
            case BUSYBOX -> {
                commands.put("static true (musl)", MUSL_TRUE);
                commands.put("smallest static program", NOTHING);
            }
            case BASE -> commands.put("python3 -I -c pass", PYTHON);
        }
        return commands;
    }

    private List<Section> measure(ImageChoice image) throws IOException {
        PeerFiles files = scene.images().prepare(image);
        Template template = new Template(image.image(), String.valueOf(scene.cores()), CreateBenchmark.MEMORY);
        String ours = scene.sandboxes().create(template.request(Start.ANY)).id();
        try {
            String runsc = scene.runsc().create(files);
            try {
                return beside(image, files, ours, runsc);
            } finally {
                scene.runsc().delete(runsc);
            }
        } finally {
            scene.sandboxes().delete(ours);
        }
    }

    private List<Section> beside(ImageChoice image, PeerFiles files, String ours, String runsc) throws IOException {
        if (scene.docker().isEmpty()) {
            return inTurns(image, ours, runsc, "");
        }
        scene.progress().accept("giving docker the files of " + image.image());
        scene.docker().get().importTree(files);
        String docker = scene.docker().get().create(files);
        try {
            return inTurns(image, ours, runsc, docker);
        } finally {
            scene.docker().get().delete(docker);
        }
    }

    private List<Section> inTurns(ImageChoice image, String ours, String runsc, String docker) throws IOException {
        List<Section> sections = new ArrayList<>();
        for (Map.Entry<String, List<String>> command : commands(image).entrySet()) {
            List<String> argv = command.getValue();
            List<Contender> contenders = new ArrayList<>();
            contenders.add(scene.ours().executing("atoll exec", ours, Sandboxes.command(argv)));
            contenders.add(scene.runsc().executing(runsc, argv));
            scene.docker().ifPresent(peer -> contenders.add(peer.executing(docker, argv)));
            contenders.add(scene.runsc().hostProcess());
            scene.progress().accept(command.getKey());
            Interleaving turns = new Interleaving(WARM_UP, rounds, scene.state(), done -> scene.round(done, rounds));
            sections.addAll(Interleaving.sections(
                    "exec " + command.getKey() + ": " + image.description(), turns.run(contenders)));
        }
        return sections;
    }
}
