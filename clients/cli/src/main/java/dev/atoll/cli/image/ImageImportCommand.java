package dev.atoll.cli.image;

import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.http.Upload;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.Bytes;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code image import}: sends an archive, or an OCI layout in a directory, to the platform. */
public final class ImageImportCommand implements Action {
    private static final int BUFFER_BYTES = 256 * 1_024;
    private static final String STDIN = "-";
    private static final List<String> ENDINGS = List.of(".tar.gz", ".tar.zst", ".tgz", ".tzst", ".tar", ".oci");

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public ImageImportCommand(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    @Override
    public int run(Invocation invocation) {
        String source = invocation.operand("archive or directory");
        String name = invocation.value("name").orElseGet(() -> nameOf(source, invocation));
        try (Progress progress = Progress.of(streams, timing, invocation.quiet(), "importing " + name)) {
            Answer answer = api.upload("/v1/images/" + Query.segment(name), upload(source, progress));
            progress.close();
            streams.line(invocation.json() ? answer.text() : name);
        }
        return ExitCode.OK.number();
    }

    /** What cannot be read is found out before a connection is made. */
    private Upload upload(String source, Progress progress) {
        if (source.equals(STDIN)) {
            return out -> copy(streams.in(), Path.of("/dev/stdin"), new Counting(out, 0, progress));
        }
        Path path = Path.of(source);
        if (Files.isDirectory(path)) {
            OciLayoutTar tar = OciLayoutTar.of(path);
            return out -> tar.writeTo(new Counting(out, tar.size(), progress));
        }
        try {
            long size = Files.size(path);
            InputStream in = Files.newInputStream(path);
            return out -> {
                try (in) {
                    copy(in, path, new Counting(out, size, progress));
                }
            };
        } catch (IOException missing) {
            throw unreadable(path, missing).asException();
        }
    }

    private static void copy(InputStream in, Path from, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            int count = read(in, from, buffer);
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
        }
    }

    private static int read(InputStream in, Path from, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException failed) {
            throw unreadable(from, failed).asException();
        }
    }

    static Problem unreadable(Path path, IOException failed) {
        String why = Files.exists(path) ? String.valueOf(failed.getMessage()) : "there is no such file";
        return Problem.of(
                "file_unreadable", ExitCode.NOT_FOUND, path + " cannot be read: " + why + ".", "Check the path.");
    }

    /** The file's name without its endings, in lower case, with a hyphen for what an image's name cannot have. */
    static String nameOf(String source, Invocation invocation) {
        Path last = Path.of(source).toAbsolutePath().normalize().getFileName();
        String name =
                last == null || source.equals(STDIN) ? "" : last.toString().toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) {
            if (name.endsWith(ending)) {
                name = name.substring(0, name.length() - ending.length());
                break;
            }
        }
        String cleaned = name.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        if (cleaned.isEmpty()) {
            throw invocation.usage("Say what the image is to be called: --name NAME.");
        }
        return cleaned;
    }

    /** Counts what passes and tells progress. */
    private static final class Counting extends OutputStream {
        private final OutputStream out;
        private final long total;
        private final Progress progress;
        private long count;

        Counting(OutputStream out, long total, Progress progress) {
            this.out = out;
            this.total = total;
            this.progress = progress;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
            progress.at(
                    count == total
                            ? "sent, being unpacked"
                            : Bytes.shown(count) + (total > 0 ? " of " + Bytes.shown(total) : ""));
        }
    }
}
