package dev.atoll.isolation.guest;

import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands that tests need often: {@code true false echo err cat env pwd exit sleep flood winsize}. */
public final class FakePrograms {
    private FakePrograms() {}

    public static Map<String, FakeProgram> standard() {
        Map<String, FakeProgram> programs = new HashMap<>();
        programs.put("true", process -> 0);
        programs.put(BoxSpec.GUEST_PATH, process -> 0);
        programs.put("false", process -> 1);
        programs.put("exit", process -> Integer.parseInt(process.argv().get(1)));
        programs.put("echo", process -> print(process, StdStream.STDOUT));
        programs.put("err", process -> print(process, StdStream.STDERR));
        programs.put("cat", FakePrograms::cat);
        programs.put("env", FakePrograms::env);
        programs.put("pwd", process -> say(process, process.workingDirectory() + "\n"));
        programs.put("sleep", FakePrograms::sleep);
        programs.put("flood", FakePrograms::flood);
        programs.put("winsize", FakePrograms::winsize);
        return programs;
    }

    private static int say(FakeProcess process, String text) throws InterruptedException {
        process.write(StdStream.STDOUT, text.getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    private static int print(FakeProcess process, StdStream stream) throws InterruptedException {
        List<String> words = process.argv().subList(1, process.argv().size());
        process.write(stream, (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    private static int cat(FakeProcess process) throws InterruptedException {
        for (byte[] piece = process.read(); piece.length > 0; piece = process.read()) {
            process.write(StdStream.STDOUT, piece);
        }
        return 0;
    }

    private static int env(FakeProcess process) throws InterruptedException {
        for (Map.Entry<String, String> variable : process.environment().entrySet()) {
            say(process, variable.getKey() + "=" + variable.getValue() + "\n");
        }
        return 0;
    }

    /** Until a signal comes. */
    private static int sleep(FakeProcess process) throws InterruptedException {
        synchronized (process) {
            while (true) {
                process.wait();
            }
        }
    }

    /** Tells the size of its terminal whenever it changes, until a signal comes. */
    private static int winsize(FakeProcess process) throws InterruptedException {
        Optional<TerminalSize> known = Optional.empty();
        while (true) {
            TerminalSize now = process.sizeOtherThan(known);
            known = Optional.of(now);
            say(process, now.rows() + " " + now.columns() + "\n");
        }
    }

    /** As many bytes as the argument says: byte i is i modulo 251. */
    private static int flood(FakeProcess process) throws InterruptedException {
        int total = Integer.parseInt(process.argv().get(1));
        byte[] piece = new byte[8_192];
        for (int at = 0; at < total; at += piece.length) {
            for (int i = 0; i < piece.length; i++) {
                piece[i] = (byte) ((at + i) % 251);
            }
            process.write(
                    StdStream.STDOUT, at + piece.length <= total ? piece : java.util.Arrays.copyOf(piece, total - at));
        }
        return 0;
    }
}
