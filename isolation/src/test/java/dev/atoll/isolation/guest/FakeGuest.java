package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A guest in this JVM that speaks the whole protocol: windows, acknowledgements, idempotent spawns, attach and resume. Its commands are
 * {@link FakeProgram}s, its users root and numbers, its directories {@code / /root /tmp}. It outlives the links to it, as a sandbox
 * outlives its host agent: {@link #connect} again and attach.
 */
public final class FakeGuest {
    private static final Set<String> DIRECTORIES = Set.of("", "/", "/root", "/tmp");
    private static final int ENOENT = 2;

    final Object lock = new Object();

    private final Map<String, FakeProgram> programs;
    private final Map<Integer, FakeProcess> processes = new TreeMap<>();
    private final Set<Integer> used = new HashSet<>();
    private final UUID bootId = new UUID(1, 2);
    private final HostFrameCodec hostFrames = new HostFrameCodec();
    private final GuestFrameCodec guestFrames = new GuestFrameCodec();
    private final ByteBuffer out =
            ByteBuffer.allocate(2 * GuestProtocol.MAX_GUEST_PAYLOAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer parts = ByteBuffer.allocate(0);
    private Map<String, String> environment = Map.of();
    private String hostname = "";
    private @Nullable InMemoryTransport transport;
    private int refusal;
    private int version = GuestProtocol.VERSION;
    private boolean attached;

    public FakeGuest(Map<String, FakeProgram> programs) {
        this.programs = Map.copyOf(programs);
    }

    public static FakeGuest standard() {
        return new FakeGuest(FakePrograms.standard());
    }

    /** One that was started before an upgrade. */
    public static FakeGuest ofVersion(int version) {
        FakeGuest guest = standard();
        guest.version = version;
        return guest;
    }

    /** A transport for a new host; an earlier one hears nothing more, as if its process had been killed. */
    public GuestTransport connect() {
        synchronized (lock) {
            InMemoryTransport next = new InMemoryTransport(this::take);
            transport = next;
            attached = false;
            return next;
        }
    }

    /** From now on it answers every identity with this error number. */
    public void refuseIdentities(int errno) {
        synchronized (lock) {
            refusal = errno;
        }
    }

    public String hostname() {
        synchronized (lock) {
            return hostname;
        }
    }

    /** Execs that the host has not released. */
    public int execs() {
        synchronized (lock) {
            return processes.size();
        }
    }

    private void take(ByteBuffer bytes) {
        ByteBuffer frame = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        FrameHeader header = FrameHeader.peek(frame, hostFrames.maxPayload());
        HostFrame decoded =
                hostFrames.decode(header, frame.slice(frame.position() + GuestProtocol.HEADER_BYTES, header.length()));
        bytes.position(bytes.limit());
        synchronized (lock) {
            handle(decoded);
        }
    }

    private void handle(HostFrame frame) {
        switch (frame) {
            case HostFrame.Attach f -> greet(f);
            case HostFrame.Resume f -> resume(f);
            case HostFrame.SpawnPart f -> {
                if (assembled(f.total(), f.at(), f.part())) {
                    spawn(f.exec(), SpawnRequestReader.read(parts.flip()));
                }
            }
            case HostFrame.Input f -> {
                if (processes.get(f.exec()) instanceof FakeProcess process) {
                    process.takeInput(f.offset(), f.bytes());
                    tell(process, process.credit());
                }
            }
            case HostFrame.CloseInput f -> {
                if (processes.get(f.exec()) instanceof FakeProcess process && !process.inputClosed) {
                    process.inputClosed = true;
                    tell(process, new GuestFrame.InputClosed(f.exec(), process.inputAccepted));
                    lock.notifyAll();
                }
            }
            case HostFrame.Acknowledge f -> {
                if (processes.get(f.exec()) instanceof FakeProcess process) {
                    process.output[f.stream().ordinal()].acknowledge(f.offset());
                    lock.notifyAll();
                }
            }
            case HostFrame.Release f -> processes.remove(f.exec());
            case HostFrame.Signal f -> {
                FakeProcess process = processes.get(f.exec());
                send(new GuestFrame.Reply(f.token(), process == null ? 3 : process.signal(f.signal()), 0));
            }
            case HostFrame.Resize f -> {
                FakeProcess process = processes.get(f.exec());
                send(new GuestFrame.Reply(
                        f.token(), process == null ? 3 : process.resize(new TerminalSize(f.rows(), f.columns())), 0));
            }
            case HostFrame.IdentityPart f -> {
                if (assembled(f.total(), f.at(), f.part())) {
                    if (refusal == 0) {
                        become(parts.flip());
                    }
                    send(new GuestFrame.Reply(
                            f.token(), refusal, refusal == 0 ? 0 : GuestIdentity.Part.HOSTNAME.ordinal() + 1));
                }
            }
            case HostFrame.Ping f -> send(new GuestFrame.Pong(f.token(), 1_000_000_000L, 1_000_000_000_000_000L));
            case HostFrame.Shutdown _ -> shutDown();
        }
    }

    private boolean assembled(int total, int at, ByteBuffer part) {
        if (at == 0) {
            parts = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        }
        parts.put(part);
        return !parts.hasRemaining();
    }

    private void greet(HostFrame.Attach f) {
        attached = true;
        processes.values().forEach(process -> process.resumed = false);
        send(new GuestFrame.Hello(
                f.nonce(), version, processes.size(), bootId, FakeProcess.OUTPUT_WINDOW, FakeProcess.INPUT_WINDOW));
        processes.values().forEach(process -> send(new GuestFrame.ExecReport(process.report())));
        send(new GuestFrame.Ready(processes.size()));
    }

    private void resume(HostFrame.Resume f) {
        FakeProcess process = processes.get(f.exec());
        if (process == null) {
            return;
        }
        process.resumed = true;
        process.output[0].acknowledge(f.stdout());
        process.output[1].acknowledge(f.stderr());
        tellAll(process);
    }

    private void tellAll(FakeProcess process) {
        SpawnFailure failure = process.failure;
        if (failure != null) {
            tell(process, new GuestFrame.SpawnFailed(process.number, failure));
            return;
        }
        tell(process, new GuestFrame.Started(process.number, process.pid()));
        if (process.request.stdin()) {
            tell(
                    process,
                    process.inputClosed
                            ? new GuestFrame.InputClosed(process.number, process.inputAccepted)
                            : process.credit());
        }
        for (StdStream stream : StdStream.values()) {
            FakeProcess.Retained out = process.output[stream.ordinal()];
            if (out.bytes.length > 0) {
                tell(process, new GuestFrame.Output(process.number, stream, out.base, ByteBuffer.wrap(out.bytes)));
            }
            if (out.closed) {
                tell(process, new GuestFrame.OutputClosed(process.number, stream, out.end()));
            }
        }
        ExitReport exit = process.exit;
        if (exit != null) {
            tell(process, new GuestFrame.Exit(process.number, exit));
        }
    }

    private void spawn(int number, SpawnRequest request) {
        FakeProcess known = processes.get(number);
        if (known != null) {
            tellAll(known);
            return;
        }
        if (!used.add(number)) {
            send(new GuestFrame.SpawnFailed(number, new SpawnFailure(SpawnFailure.Stage.NUMBER_USED, 0)));
            return;
        }
        Map<String, String> variables = new LinkedHashMap<>(request.inheritEnvironment() ? environment : Map.of());
        variables.putAll(request.environment());
        FakeProcess process = new FakeProcess(this, number, request, variables);
        processes.put(number, process);
        FakeProgram program = programs.get(request.argv().getFirst());
        SpawnFailure failure = failureOf(request, program);
        process.failure = failure;
        if (failure == null && program != null) {
            tellAll(process);
            process.start(program);
        } else {
            tellAll(process);
        }
    }

    private static @Nullable SpawnFailure failureOf(SpawnRequest request, @Nullable FakeProgram program) {
        String user = request.user();
        if (!user.isEmpty() && !user.equals("root") && !user.matches("[0-9]+")) {
            return new SpawnFailure(SpawnFailure.Stage.USER_NOT_FOUND, ENOENT);
        }
        if (!DIRECTORIES.contains(request.workingDirectory())) {
            return new SpawnFailure(SpawnFailure.Stage.WORKING_DIRECTORY, ENOENT);
        }
        return program == null ? new SpawnFailure(SpawnFailure.Stage.COMMAND_NOT_FOUND, ENOENT) : null;
    }

    private void become(ByteBuffer fields) {
        Map<String, String> variables = new HashMap<>();
        while (fields.hasRemaining()) {
            int part = fields.getInt();
            byte[] value = new byte[fields.getInt()];
            fields.get(value);
            String text = new String(value, java.nio.charset.StandardCharsets.UTF_8);
            switch (GuestIdentity.Part.values()[part - 1]) {
                case HOSTNAME -> hostname = text;
                case MACHINE_ID -> {}
                case ENVIRONMENT -> {
                    int equals = text.indexOf('=');
                    if (equals > 0) {
                        variables.put(text.substring(0, equals), text.substring(equals + 1));
                    }
                    environment = Map.copyOf(variables);
                }
            }
        }
    }

    private void shutDown() {
        for (FakeProcess process : processes.values()) {
            process.signal(15);
        }
        Thread.ofVirtual().start(() -> {
            synchronized (lock) {
                while (processes.values().stream()
                        .anyMatch(process -> process.exit == null && process.failure == null)) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                send(new GuestFrame.Goodbye());
            }
        });
    }

    /** Tells the host about an exec, once it has said where its output goes on. The caller holds the lock. */
    void tell(FakeProcess process, GuestFrame frame) {
        if (process.resumed) {
            send(frame);
        }
    }

    private void send(GuestFrame frame) {
        InMemoryTransport current = transport;
        if (current != null && attached) {
            out.clear();
            guestFrames.encode(frame, out);
            current.deliver(out.flip());
        }
    }
}
