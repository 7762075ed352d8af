package dev.atoll.imagecas.archive;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.tree.Refusals;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts what goes into the making of one image, before and after decompression, and stops it when it expands too much or is too large in
 * all. Not thread-safe.
 */
public final class Meter {
    private static final long REPORT_INTERVAL = 8L << 20;

    private final ImageLimits limits;
    private final ProgressListener progress;
    private String step = "reading";
    private long total;
    private long packed;
    private long unpacked;
    private long packedAtStep;
    private long reported;

    public Meter(ImageLimits limits, ProgressListener progress) {
        this.limits = limits;
        this.progress = progress;
    }

    /** Names what is read from here on, for the listener; {@code bytes} is its size as it is stored, 0 when not known. */
    public void begin(String name, long bytes) {
        step = name;
        total = bytes;
        reported = unpacked;
        packedAtStep = packed;
        progress.report(new Progress(step, 0, total, Progress.Unit.BYTES));
    }

    /** Counts a stream as it is stored. */
    public InputStream packed(InputStream stream) {
        return new Counted(stream) {
            @Override
            void count(long bytes) {
                packed += bytes;
            }
        };
    }

    /** Counts a stream after decompression. */
    public InputStream unpacked(InputStream stream) {
        return new Counted(stream) {
            @Override
            void count(long bytes) {
                expand(bytes);
            }
        };
    }

    /** Counts bytes that come out of nothing, such as the holes of a sparse file. */
    public void expand(long bytes) {
        if (bytes > limits.contentBytes() - unpacked) {
            throw Refusals.overLimit("it unpacks to more than " + (limits.contentBytes() >> 20) + " MiB");
        }
        unpacked += bytes;
        if (unpacked > limits.expansionFloorBytes() && unpacked / limits.expansionRatio() > packed) {
            throw Refusals.overLimit("it unpacks to more than " + limits.expansionRatio() + " times its size");
        }
        if (unpacked - reported >= REPORT_INTERVAL) {
            reported = unpacked;
            progress.report(new Progress(step, packed - packedAtStep, total, Progress.Unit.BYTES));
        }
    }

    private abstract static class Counted extends FilterInputStream {
        Counted(InputStream stream) {
            super(stream);
        }

        abstract void count(long bytes);

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int got = super.read(target, from, length);
            if (got > 0) {
                count(got);
            }
            return got;
        }

        @Override
        public long skip(long wanted) throws IOException {
            byte[] scratch = new byte[(int) Math.min(wanted, 1 << 16)];
            return scratch.length == 0 ? 0 : Math.max(0, read(scratch, 0, scratch.length));
        }
    }
}
