package dev.atoll.bench.chaos;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A world in which a test says what is to be seen. */
final class ScriptedWorld implements World {
    /** Small, so that output comes in many pieces. */
    private static final int CHUNK_BYTES = 64;

    private final List<SandboxSeen> sandboxes = new ArrayList<>();
    private final Map<String, ExecSeen> execs = new HashMap<>();
    private final Map<String, byte[]> output = new HashMap<>();
    private final Map<String, List<String>> started = new HashMap<>();
    private boolean stalled;

    ScriptedWorld sandbox(String id, String tag, String state, String reason) {
        sandboxes.add(new SandboxSeen(id, tag, state, reason));
        return this;
    }

    void removeSandboxes() {
        sandboxes.clear();
    }

    ScriptedWorld process(String sandbox, String tag) {
        started.computeIfAbsent(sandbox, fresh -> new ArrayList<>()).add(tag);
        return this;
    }

    /** An exec with this output, which ended as the platform says, or runs when there is no reason. */
    ScriptedWorld exec(String id, String reason, int code, String signal, byte[] stdout, byte[] stderr) {
        String state = reason.isEmpty() ? "running" : "ended";
        execs.put(id, new ExecSeen(state, reason, code, signal, stdout.length, stderr.length));
        output.put(id + Stream.STDOUT, stdout);
        output.put(id + Stream.STDERR, stderr);
        return this;
    }

    /** Nothing more is printed by what runs. */
    void stall() {
        stalled = true;
    }

    @Override
    public List<SandboxSeen> sandboxes() {
        return List.copyOf(sandboxes);
    }

    @Override
    public Optional<ExecSeen> exec(String sandbox, String exec) {
        return Optional.ofNullable(execs.get(exec));
    }

    @Override
    public byte[] output(String sandbox, String exec, Stream stream, long from) {
        byte[] all = output.getOrDefault(exec + stream, new byte[0]);
        int start = (int) Math.min(from, all.length);
        return Arrays.copyOfRange(all, start, Math.min(start + CHUNK_BYTES, all.length));
    }

    @Override
    public byte[] awaitOutput(String sandbox, String exec, Stream stream, long from) {
        return stalled ? new byte[0] : new byte[] {'1'};
    }

    @Override
    public List<String> started(String sandbox) {
        return List.copyOf(started.getOrDefault(sandbox, List.of()));
    }

    /** {@code bytes} without {@code count} of them. */
    static byte[] without(byte[] bytes, int from, int count) {
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        left.write(bytes, 0, from);
        left.write(bytes, from + count, bytes.length - from - count);
        return left.toByteArray();
    }

    /** {@code bytes} with {@code count} of them twice. */
    static byte[] twice(byte[] bytes, int from, int count) {
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.write(bytes, 0, from + count);
        more.write(bytes, from, bytes.length - from);
        return more.toByteArray();
    }
}
