package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows what mmdebstrap, apt and dpkg print: tells how far they are and keeps the last lines for when they fail. Thread-safe. */
final class BootstrapLog {
    private static final int KEPT_LINES = 12;
    private static final int KEPT_CHARACTERS = 160;
    private static final Pattern NEWLY_INSTALLED = Pattern.compile("(\\d{1,6}) newly installed");

    private final ProgressListener progress;
    private final Deque<String> last = new ArrayDeque<>();
    private long packages;
    private long downloaded;
    private long installed;
    private boolean diskFull;

    BootstrapLog(ProgressListener progress) {
        this.progress = progress;
    }

    synchronized void line(String line) {
        keep(line);
        Matcher plan = NEWLY_INSTALLED.matcher(line);
        if (plan.find()) {
            packages += Long.parseLong(plan.group(1));
        } else if (line.startsWith("I: running apt-get update")) {
            progress.report(Progress.of("fetching the package lists"));
        } else if (line.startsWith("Get:") && packages > 0) {
            progress.report(new Progress("downloading packages", ++downloaded, packages, Progress.Unit.PACKAGES));
        } else if (line.startsWith("Setting up ")) {
            progress.report(new Progress("installing packages", ++installed, packages, Progress.Unit.PACKAGES));
        }
    }

    /** The last lines, one after the other. */
    synchronized String tail() {
        return String.join("\n", last);
    }

    /** Whether a line said that the disk is full. */
    synchronized boolean sawDiskFull() {
        return diskFull;
    }

    private void keep(String line) {
        diskFull |= line.contains("No space left on device");
        if (line.isBlank()) {
            return;
        }
        last.addLast(line.length() <= KEPT_CHARACTERS ? line : line.substring(0, KEPT_CHARACTERS) + "…");
        if (last.size() > KEPT_LINES) {
            last.removeFirst();
        }
    }
}
