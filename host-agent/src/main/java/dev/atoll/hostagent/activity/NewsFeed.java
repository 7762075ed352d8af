package dev.atoll.hostagent.activity;

import dev.atoll.hostagent.exec.ExecWitness;
import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What execs of this host did, until the control plane has written it down. In memory only: the records of execs on disk tell it again
 * after a restart, from the time on before which everything had been taken. Thread-safe; never waits.
 */
public final class NewsFeed implements ExecWitness {
    /** Most news that wait to be taken; at 500 execs a second, nearly a minute of them. Beyond it the oldest go. */
    private static final int MAX_WAITING = 50_000;

    private static final int COMMAND_CHARACTERS = 64;

    private final String life;
    private final Instant from;
    private final Clock clock;
    private final ActivityClock uses;
    private final ArrayDeque<NewEvent> waiting = new ArrayDeque<>();

    /** The number of the first that waits. */
    private long first = 1;

    private long missed;

    /** An answer to the control plane. */
    public record Batch(String life, long last, List<NewEvent> news, long missed) {
        public Batch {
            news = List.copyOf(news);
        }
    }

    /**
     * @param life names this life of the agent
     * @param from what happened before this was taken in an earlier life
     */
    public NewsFeed(String life, Instant from, ActivityClock uses, Clock clock) {
        this.life = life;
        this.from = from;
        this.uses = uses;
        this.clock = clock;
    }

    /** What is there after {@code written} of the life {@code ofLife}; what was written is forgotten. */
    public synchronized Batch take(String ofLife, long written, int limit) {
        if (ofLife.equals(life)) {
            while (first <= written && !waiting.isEmpty()) {
                waiting.removeFirst();
                first++;
            }
        }
        List<NewEvent> news = new ArrayList<>();
        for (NewEvent one : waiting) {
            if (news.size() == limit) {
                break;
            }
            news.add(one);
        }
        long untold = missed;
        missed = 0;
        return new Batch(life, first + news.size() - 1, news, untold);
    }

    /** Everything that happened before this was taken. */
    public synchronized Instant takenUntil() {
        NewEvent oldest = waiting.peekFirst();
        return oldest == null ? clock.instant() : oldest.at();
    }

    @Override
    public void started(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at) {
        String command = spec.argv().getFirst();
        String shown = command.length() > COMMAND_CHARACTERS ? command.substring(0, COMMAND_CHARACTERS) + "…" : command;
        add(new NewEvent(
                sandbox,
                EventType.EXEC_STARTED,
                at,
                Map.of("exec_id", exec.value(), "command", shown.replace('\0', '\uFFFD')),
                Optional.of(exec.value() + " started")));
    }

    @Override
    public void ended(SandboxId sandbox, ExecId exec, ExecSpec spec, ExecEnd end) {
        if (!spec.detached()) {
            uses.processEnded(sandbox);
        }
        told(sandbox, exec, end);
    }

    @Override
    public void startedBefore(SandboxId sandbox, ExecId exec, ExecSpec spec, Instant at) {
        if (!at.isBefore(from)) {
            started(sandbox, exec, spec, at);
        }
    }

    @Override
    public void endedBefore(SandboxId sandbox, ExecId exec, ExecEnd end) {
        if (!end.endedAt().isBefore(from)) {
            told(sandbox, exec, end);
        }
    }

    private void told(SandboxId sandbox, ExecId exec, ExecEnd end) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("exec_id", exec.value());
        facts.put("reason", end.reason().word());
        end.exitCode().ifPresent(code -> facts.put("exit_code", Integer.toString(code)));
        end.signal().ifPresent(signal -> facts.put("signal", Integer.toString(signal)));
        add(new NewEvent(sandbox, EventType.EXEC_ENDED, end.endedAt(), facts, Optional.of(exec.value() + " ended")));
    }

    private synchronized void add(NewEvent event) {
        waiting.addLast(event);
        if (waiting.size() > MAX_WAITING) {
            waiting.removeFirst();
            first++;
            missed++;
        }
    }
}
