package dev.atoll.api.exec;

import dev.atoll.manager.advice.Advice;
import dev.atoll.manager.view.OutputView;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An exec as a language model reads it: one line of facts, a hint when there is one, and the output. */
final class ExecText {
    private static final int SECONDS_WITH_TENTHS = 100;
    private static final String BETWEEN = " · ";

    private ExecText() {}

    static String of(Exec exec, OutputView view, Advice advice) {
        StringBuilder text = new StringBuilder(facts(exec, view)).append('\n');
        if (!advice.hint().isEmpty()) {
            text.append("hint: ").append(advice.hint()).append('\n');
        }
        return text.append(view.text()).toString();
    }

    private static String facts(Exec exec, OutputView view) {
        List<String> facts = new ArrayList<>();
        facts.add(exec.end().map(ExecText::end).orElse("running" + BETWEEN + exec.id()));
        exec.end().ifPresent(end -> {
            facts.add(seconds(Duration.between(exec.startedAt(), end.endedAt()).toMillis()));
            facts.add("cpu " + seconds(end.cpuMillis()));
            facts.add("peak " + ((end.peakMemoryBytes() + (1 << 19)) >> 20) + " MiB");
        });
        facts.add(output(exec, view));
        return String.join(BETWEEN, facts);
    }

    private static String end(ExecEnd end) {
        if (end.error().isPresent()) {
            return "not started (" + end.exitCode().orElse(0) + "): "
                    + end.error().get();
        }
        return switch (end.reason()) {
            case EXITED -> "exit " + end.exitCode().orElse(0);
            case SIGNALED -> "killed by " + SignalNames.of(end.signal().orElse(0));
            case TIMEOUT, CPU_LIMIT, OUTPUT_LIMIT, OOM ->
                "killed: " + end.reason().word();
            case SANDBOX_STOPPED, HOST_LOST ->
                "ended with its sandbox: " + end.reason().word();
        };
    }

    private static String output(Exec exec, OutputView view) {
        if (view.totalBytes() == 0) {
            return exec.state() == ExecState.ENDED ? "no output" : "no output yet";
        }
        String lines = view.totalLines().isPresent() ? view.totalLines().getAsLong() + " lines " : "";
        String matched =
                view.matchedLines().isPresent() ? ", " + view.matchedLines().getAsLong() + " lines match" : "";
        String missing = view.truncated()
                ? " (" + view.omittedBytes() + " B left out from offset " + view.headEnd() + "; all: "
                        + ViewJson.logOf(exec) + ")"
                : "";
        return "out " + lines + view.totalBytes() + " B" + matched + missing;
    }

    private static String seconds(long millis) {
        return millis >= SECONDS_WITH_TENTHS * 1_000L
                ? millis / 1_000 + " s"
                : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
}
