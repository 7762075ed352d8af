package dev.atoll.bench.chaos;

import dev.atoll.bench.chaos.Violation.Promise;
import dev.atoll.bench.rest.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client with sandboxes of its own, whose calls are made again until they are answered. Its first sandbox and the command that
 * counts in it are never deleted, so that they live through every kill. For one thread at a time.
 */
final class Worker {
    private static final int MOST_SANDBOXES = 3;
    private static final int MOST_COUNTING = 3;

    private final String name;
    private final Schedule schedule;
    private final SandboxCalls sandboxes;
    private final ExecCalls execs;
    private final History history;
    private final AtomicLong operations;
    private final List<Box> boxes = new ArrayList<>();
    private int next;
    private volatile String doing = "nothing";

    /** A sandbox of ours, its execs whose output can be read, and those that count. */
    private record Box(String tag, String id, List<String> finished, List<String> counting) {}

    Worker(
            String name,
            Schedule schedule,
            SandboxCalls sandboxes,
            ExecCalls execs,
            History history,
            AtomicLong operations) {
        this.name = name;
        this.schedule = schedule;
        this.sandboxes = sandboxes;
        this.execs = execs;
        this.history = history;
        this.operations = operations;
    }

    /** What it is about at this moment, for people. From any thread. */
    String doing() {
        return name + ": " + doing;
    }

    /** Does so many operations. What the platform refuses is written down as a broken promise. */
    void round(int count) {
        for (Operation operation : schedule.next(count)) {
            doing = operation + " as " + name + "-" + next;
            try {
                carryOut(boxes.isEmpty() ? new Operation.Create(true, true) : operation);
            } catch (PatientApi.HungException hung) {
                history.violated(new Violation(Promise.HUNG, name, String.valueOf(hung.getMessage())));
                return;
            } catch (IOException refused) {
                history.violated(
                        new Violation(Promise.REFUSED, name + " " + operation, String.valueOf(refused.getMessage())));
                // What is no more cannot be used again; whether it may be gone is the checker's to say.
                boxes.removeIf(box -> !sandboxes.runs(box.id()));
            }
            operations.incrementAndGet();
        }
        doing = "done";
    }

    private void carryOut(Operation operation) throws IOException {
        switch (operation) {
            case Operation.Create create -> create(create);
            case Operation.Print print -> print(print);
            case Operation.Count count -> count(choose(count.pick()));
            case Operation.Echo echo -> {
                Box box = choose(echo.pick());
                box.finished().add(execs.echo(tag(), box.tag(), box.id(), echo));
            }
            case Operation.TimeOut timeOut -> {
                Box box = choose(timeOut.pick());
                box.finished().add(execs.timeOut(tag(), box.tag(), box.id(), timeOut));
            }
            case Operation.Signal signal -> {
                Box box = choose(signal.pick());
                box.finished().add(execs.signal(tag(), box.tag(), box.id(), signal));
            }
            case Operation.Stop stop -> stop(choose(stop.pick()));
            case Operation.Reread reread -> reread(choose(reread.pick()), reread.from());
            case Operation.Delete delete -> delete(delete.pick());
        }
    }

    private String tag() {
        return name + "-" + next++;
    }

    private Box choose(double pick) {
        return boxes.get((int) (pick * boxes.size()));
    }

    private void create(Operation.Create create) throws IOException {
        if (boxes.size() >= MOST_SANDBOXES) {
            return;
        }
        String tag = tag();
        Optional<String> id = sandboxes.create(tag, create.keyed(), create.waits());
        if (id.isPresent()) {
            Box box = new Box(tag, id.get(), new ArrayList<>(), new ArrayList<>());
            boxes.add(box);
            if (boxes.size() == 1) {
                count(box);
            }
        }
    }

    private void print(Operation.Print print) throws IOException {
        Box box = choose(print.pick());
        box.finished().add(execs.print(tag(), box.tag(), box.id(), print));
    }

    private void count(Box box) throws IOException {
        if (boxes.stream().mapToInt(each -> each.counting().size()).sum() < MOST_COUNTING) {
            box.counting().add(execs.count(tag(), box.tag(), box.id()));
        }
    }

    /** Ends the newest command that counts, but never the first of the first sandbox. */
    private void stop(Box box) throws IOException {
        int kept = box == boxes.getFirst() ? 1 : 0;
        if (box.counting().size() > kept) {
            String tag = box.counting().removeLast();
            execs.stop(tag, box.id());
            box.finished().add(tag);
        }
    }

    private void reread(Box box, double from) throws IOException {
        List<String> all = new ArrayList<>(box.finished());
        all.addAll(box.counting());
        if (!all.isEmpty()) {
            execs.reread(all.get((int) (from * all.size())), box.id(), from);
        }
    }

    private void delete(double pick) throws IOException {
        if (boxes.size() > 1) {
            Box box = boxes.remove(1 + (int) (pick * (boxes.size() - 1)));
            sandboxes.delete(box.tag(), box.id());
        }
    }

    /** Ends all that counts, before the last check. */
    void finish() {
        try {
            for (Box box : boxes) {
                while (!box.counting().isEmpty()) {
                    execs.stop(box.counting().removeLast(), box.id());
                }
            }
        } catch (RefusedException refused) {
            history.violated(new Violation(Promise.REFUSED, name, String.valueOf(refused.getMessage())));
        } catch (IOException hung) {
            history.violated(new Violation(Promise.HUNG, name, String.valueOf(hung.getMessage())));
        }
    }
}
