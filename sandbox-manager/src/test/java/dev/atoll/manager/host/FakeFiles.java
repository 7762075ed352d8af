package dev.atoll.manager.host;

import static dev.atoll.manager.host.FakeNames.name;
import static dev.atoll.manager.host.FakeNames.parent;
import static dev.atoll.manager.host.FakeNames.path;

import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileEvent.ChangeKind;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.file.Sha256;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of one fake sandbox, by their absolute names in Latin-1, so that any byte is a character. The working directory is {@code
 * /work}. What begins with {@code /secret} may not be read. An archive is the names and contents of files, one behind the other.
 */
final class FakeFiles {
    private static final byte[] NOTHING = {};
    private static final Instant MADE_AT = Instant.parse("2026-11-25T10:00:00.123456789Z");

    @SuppressWarnings("ArrayRecordComponent") // a fake's own
    private record Node(FileType type, byte[] content, int mode) {}

    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final Map<Queue<FileEvent>, FileOperation.Watch> watches = new IdentityHashMap<>();

    FakeFiles() {
        for (String directory : List.of("/", "/work", "/tmp")) {
            nodes.put(directory, new Node(FileType.DIRECTORY, NOTHING, 0755));
        }
    }

    synchronized void watch(FileOperation.Watch watch, Queue<FileEvent> events) {
        existing(watch.path());
        watches.put(events, watch);
    }

    synchronized void unwatch(Collection<? extends Queue<FileEvent>> events) {
        events.forEach(watches::remove);
    }

    /** All events of an operation. */
    synchronized List<FileEvent> run(FileOperation operation, byte[] data) {
        return switch (operation) {
            case FileOperation.Stat stat -> {
                existing(stat.path());
                yield List.of(new FileEvent.Entry(entry(stat.path(), stat.hash())), done(1, 0));
            }
            case FileOperation.ListDirectory list -> list(list);
            case FileOperation.Glob glob -> glob(glob);
            case FileOperation.Grep grep -> grep(grep);
            case FileOperation.Read read -> read(read);
            case FileOperation.ReadLines lines -> lines(lines);
            case FileOperation.Write write -> write(write, data);
            case FileOperation.MakeDirectory make -> {
                make(name(make.path()), make.parents(), make.mode().orElse(0755));
                yield List.of(ended(make.path()));
            }
            case FileOperation.Move move -> move(move);
            case FileOperation.Copy copy -> {
                put(name(copy.to()), existing(copy.from()), ChangeKind.CREATED);
                yield List.of(ended(copy.to()));
            }
            case FileOperation.Remove remove -> remove(remove);
            case FileOperation.SetAttributes set -> {
                Node old = existing(set.path());
                put(
                        name(set.path()),
                        new Node(old.type(), old.content(), set.mode().orElse(old.mode())),
                        ChangeKind.ATTRIBUTES);
                yield List.of(ended(set.path()));
            }
            case FileOperation.SymbolicLink link -> {
                absent(name(link.path()), link.path());
                put(name(link.path()), new Node(FileType.SYMLINK, link.target().bytes(), 0777), ChangeKind.CREATED);
                yield List.of(ended(link.path()));
            }
            case FileOperation.Watch watch -> throw new IllegalStateException("begun elsewhere");
            case FileOperation.Pack pack -> List.of(new FileEvent.Data(ByteBuffer.wrap(packed(pack))), done(1, 0));
            case FileOperation.Unpack unpack -> unpack(unpack, data);
            case FileOperation.Apply apply -> apply(apply, data);
        };
    }

    private Node existing(FilePath path) {
        String name = name(path);
        if (name.startsWith("/secret")) {
            throw problem(ProblemCode.FILE_PERMISSION_DENIED, "Permission denied.");
        }
        Node node = nodes.get(name);
        if (node == null) {
            throw problem(ProblemCode.FILE_NOT_FOUND, "No such file.");
        }
        return node;
    }

    private void absent(String name, FilePath path) {
        if (nodes.containsKey(name)) {
            throw problem(ProblemCode.FILE_EXISTS, path.text() + " is there.");
        }
    }

    private Node file(FilePath path) {
        Node node = existing(path);
        if (node.type() == FileType.DIRECTORY) {
            throw problem(ProblemCode.IS_A_DIRECTORY, "It is a directory.");
        }
        return node;
    }

    private static ProblemException problem(ProblemCode code, String detail) {
        return Problem.of(code, detail).asException();
    }

    private FileEntry entry(FilePath path, boolean hash) {
        Node node = existing(path);
        boolean link = node.type() == FileType.SYMLINK;
        return new FileEntry(
                path,
                node.type(),
                node.content().length,
                node.mode(),
                0,
                0,
                MADE_AT,
                link ? Optional.of(FilePath.of(node.content())) : Optional.empty(),
                hash && node.type() == FileType.FILE
                        ? Optional.of(FakeContent.sha256(node.content()))
                        : Optional.empty());
    }

    private static FileEvent.Done done(long count, long bytes) {
        return new FileEvent.Done(false, count, bytes, 0, Optional.empty());
    }

    private FileEvent.Done ended(FilePath path) {
        return new FileEvent.Done(false, 1, 0, 0, Optional.of(entry(path, true)));
    }

    private List<FileEvent> list(FileOperation.ListDirectory list) {
        if (existing(list.path()).type() != FileType.DIRECTORY) {
            throw problem(ProblemCode.NOT_A_DIRECTORY, "It is no directory.");
        }
        return below(list.path(), list.limit(), name -> {
            String rest = name.substring(name(list.path()).length());
            long depth = rest.chars().filter(c -> c == '/').count()
                    + (name(list.path()).equals("/") ? 1 : 0);
            return depth <= list.depth()
                    && list.after()
                            .map(after -> path(name).compareTo(after) > 0)
                            .orElse(true);
        });
    }

    private interface Wanted {
        boolean is(String name);
    }

    private List<FileEvent> below(FilePath root, int limit, Wanted wanted) {
        String prefix = name(root).equals("/") ? "/" : name(root) + "/";
        List<FileEvent> events = new ArrayList<>();
        boolean more = false;
        for (String name : nodes.tailMap(prefix).keySet()) {
            if (name.startsWith(prefix) && !name.equals("/") && wanted.is(name)) {
                more = events.size() == limit;
                if (more) {
                    break;
                }
                events.add(new FileEvent.Entry(entry(path(name), false)));
            }
        }
        events.add(new FileEvent.Done(more, events.size(), 0, 0, Optional.empty()));
        return events;
    }

    private List<FileEvent> glob(FileOperation.Glob glob) {
        existing(glob.root());
        if (glob.pattern().contains("[")) {
            throw problem(ProblemCode.PATTERN_INVALID, "The pattern is broken.");
        }
        String pattern =
                glob.pattern().replace(".", "\\.").replace("**/", "(.*/)?").replace("*", "[^/]*");
        Pattern whole = Pattern.compile(".*/" + pattern.replace("(.[^/]*/)?", "(.*/)?"));
        return below(glob.root(), glob.limit(), name -> whole.matcher(name).matches());
    }

    private List<FileEvent> grep(FileOperation.Grep grep) {
        existing(grep.root());
        Pattern pattern = Pattern.compile(grep.literal() ? Pattern.quote(grep.pattern()) : grep.pattern());
        List<FileEvent> events = new ArrayList<>();
        nodes.forEach((name, node) -> {
            List<String> lines = new String(node.content(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            for (int i = 0; name.startsWith(name(grep.root())) && i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    events.add(new FileEvent.Match(
                            path(name),
                            i + 1L,
                            ByteBuffer.wrap(lines.get(i).getBytes(StandardCharsets.ISO_8859_1)),
                            false));
                }
            }
        });
        events.add(done(events.size(), 0));
        return events;
    }

    private List<FileEvent> read(FileOperation.Read read) {
        byte[] content = file(read.path()).content();
        int from = (int) Math.min(read.offset(), content.length);
        int to = (int) Math.min(content.length, from + Math.min(read.length(), Integer.MAX_VALUE / 2));
        List<FileEvent> events = new ArrayList<>();
        events.add(new FileEvent.Entry(entry(read.path(), false)));
        for (int at = from; at < to; at += 1_000) {
            events.add(new FileEvent.Data(ByteBuffer.wrap(Arrays.copyOfRange(content, at, Math.min(at + 1_000, to)))));
        }
        events.add(done(1, to - from));
        return events;
    }

    private List<FileEvent> lines(FileOperation.ReadLines read) {
        FakeContent.Lines lines = FakeContent.lines(file(read.path()).content(), read);
        return List.of(
                new FileEvent.Entry(entry(read.path(), false)),
                new FileEvent.Data(ByteBuffer.wrap(lines.bytes())),
                new FileEvent.Done(lines.over(), 1, lines.bytes().length, lines.total(), Optional.empty()));
    }

    private List<FileEvent> write(FileOperation.Write write, byte[] data) {
        String name = name(write.path());
        Optional<Node> old = Optional.ofNullable(nodes.get(name));
        if (old.isPresent() && old.get().type() == FileType.DIRECTORY) {
            throw problem(ProblemCode.IS_A_DIRECTORY, "It is a directory.");
        }
        if (write.ifAbsent()) {
            absent(name, write.path());
        }
        check(write.ifMatch(), old);
        make(parent(name), write.parents(), 0755);
        byte[] before = old.map(Node::content).orElse(NOTHING);
        byte[] after = data;
        if (write.offset().isPresent()) {
            int offset = write.offset().get().intValue();
            after = Arrays.copyOf(before, Math.max(before.length, offset + data.length));
            System.arraycopy(data, 0, after, offset, data.length);
        }
        int mode = old.map(Node::mode).orElse(write.mode().orElse(0644));
        put(name, new Node(FileType.FILE, after, mode), old.isPresent() ? ChangeKind.MODIFIED : ChangeKind.CREATED);
        return List.of(new FileEvent.Done(false, 1, data.length, 0, Optional.of(entry(write.path(), true))));
    }

    private static void check(Optional<Sha256> ifMatch, Optional<Node> old) {
        if (ifMatch.isPresent()
                && !old.map(Node::content).map(FakeContent::sha256).equals(ifMatch)) {
            throw problem(ProblemCode.FILE_CHANGED, "The file has other content.");
        }
    }

    private void make(String name, boolean parents, int mode) {
        Node node = nodes.get(name);
        if (node != null) {
            if (node.type() != FileType.DIRECTORY) {
                throw problem(ProblemCode.NOT_A_DIRECTORY, "A part of the path is no directory.");
            }
            return;
        }
        if (!parents && !nodes.containsKey(parent(name))) {
            throw problem(ProblemCode.FILE_NOT_FOUND, "The parent is not there.");
        }
        make(parent(name), parents, mode);
        put(name, new Node(FileType.DIRECTORY, NOTHING, mode), ChangeKind.CREATED);
    }

    private void put(String name, Node node, ChangeKind kind) {
        nodes.put(name, node);
        tell(kind, name, node.type());
    }

    private void tell(ChangeKind kind, String name, FileType type) {
        watches.forEach((events, watch) -> {
            if (name.startsWith(name(watch.path()) + "/")) {
                events.add(new FileEvent.Change(kind, path(name), type));
            }
        });
    }

    private List<FileEvent> move(FileOperation.Move move) {
        Node node = existing(move.from());
        if (!move.overwrite()) {
            absent(name(move.to()), move.to());
        }
        nodes.remove(name(move.from()));
        tell(ChangeKind.MOVED_FROM, name(move.from()), node.type());
        put(name(move.to()), node, ChangeKind.MOVED_TO);
        return List.of(ended(move.to()));
    }

    private List<FileEvent> remove(FileOperation.Remove remove) {
        String name = name(remove.path());
        if (remove.missingOk() && !nodes.containsKey(name)) {
            return List.of(done(0, 0));
        }
        Node node = existing(remove.path());
        boolean empty = nodes.keySet().stream().noneMatch(other -> other.startsWith(name + "/"));
        if (!remove.recursive() && !empty) {
            throw problem(ProblemCode.DIRECTORY_NOT_EMPTY, "There is something in it.");
        }
        nodes.keySet().removeIf(other -> other.equals(name) || other.startsWith(name + "/"));
        tell(ChangeKind.REMOVED, name, node.type());
        return List.of(done(1, 0));
    }

    private byte[] packed(FileOperation.Pack pack) {
        existing(pack.path());
        StringBuilder text = new StringBuilder("tar\n");
        nodes.forEach((name, node) -> {
            if (name.startsWith(name(pack.path())) && node.type() == FileType.FILE) {
                text.append(name.substring(name(pack.path()).length() + 1)).append('\n');
                text.append(new String(node.content(), StandardCharsets.ISO_8859_1))
                        .append('\n');
            }
        });
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<FileEvent> unpack(FileOperation.Unpack unpack, byte[] data) {
        List<String> lines =
                new String(data, StandardCharsets.ISO_8859_1).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals("tar")) {
            throw problem(ProblemCode.ARCHIVE_INVALID, "It is no tar stream.");
        }
        make(name(unpack.directory()), true, 0755);
        for (int i = 1; i + 1 < lines.size(); i += 2) {
            byte[] content = lines.get(i + 1).getBytes(StandardCharsets.ISO_8859_1);
            put(
                    name(unpack.directory()) + "/" + lines.get(i),
                    new Node(FileType.FILE, content, 0644),
                    ChangeKind.CREATED);
        }
        return List.of(done(lines.size() / 2, data.length));
    }

    private List<FileEvent> apply(FileOperation.Apply apply, byte[] data) {
        TreeMap<String, Node> before = new TreeMap<>(nodes);
        try {
            int at = 0;
            for (FileOperation.Change change : apply.changes()) {
                switch (change) {
                    case FileOperation.Change.Put put -> {
                        byte[] content = Arrays.copyOfRange(data, at, at + (int) put.size());
                        at += content.length;
                        var write = new FileOperation.Write(
                                put.path(), Optional.empty(), true, put.mode(), put.ifMatch(), put.ifAbsent());
                        write(write, content);
                    }
                    case FileOperation.Change.Delete delete -> {
                        check(delete.ifMatch(), Optional.of(existing(delete.path())));
                        nodes.remove(name(delete.path()));
                    }
                    case FileOperation.Change.Rename rename ->
                        move(new FileOperation.Move(rename.from(), rename.to(), true));
                }
            }
            return List.of(done(apply.changes().size(), data.length));
        } catch (ProblemException e) {
            nodes.clear();
            nodes.putAll(before);
            throw e;
        }
    }
}
