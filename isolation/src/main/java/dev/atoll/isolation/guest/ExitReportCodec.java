package dev.atoll.isolation.guest;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The payload of an exit: kind, value, core, lasted in µs (u32 each), seven figures of usage and two settled offsets (u64 each). */
final class ExitReportCodec {
    static final int BYTES = 16 + 9 * 8;

    private static final int EXITED = 1;
    private static final int SIGNALED = 2;

    private ExitReportCodec() {}

    static void encode(ExitReport report, ByteBuffer out) {
        switch (report.status()) {
            case ExitStatus.Exited(int code) -> out.putInt(EXITED).putInt(code).putInt(0);
            case ExitStatus.Signaled(int signal, boolean core) ->
                out.putInt(SIGNALED).putInt(signal).putInt(core ? 1 : 0);
        }
        out.putInt((int) (report.lasted().toNanos() / 1_000));
        ResourceUsage usage = report.usage();
        out.putLong(usage.userTime().toNanos() / 1_000)
                .putLong(usage.systemTime().toNanos() / 1_000);
        out.putLong(usage.maxResidentBytes()).putLong(usage.minorFaults()).putLong(usage.majorFaults());
        out.putLong(usage.voluntarySwitches()).putLong(usage.involuntarySwitches());
        out.putLong(report.stdoutSettled()).putLong(report.stderrSettled());
    }

    static ExitReport decode(FieldReader in) {
        boolean exited = in.between32(EXITED, SIGNALED) == EXITED;
        int value = in.between32(exited ? 0 : 1, exited ? 255 : 64);
        boolean core = in.flag();
        Duration lasted = Duration.of(in.natural32(), ChronoUnit.MICROS);
        ResourceUsage usage = new ResourceUsage(
                micros(in), micros(in), in.natural64(), in.natural64(), in.natural64(), in.natural64(), in.natural64());
        ExitStatus status = exited ? new ExitStatus.Exited(value) : new ExitStatus.Signaled(value, core);
        return new ExitReport(status, usage, lasted, in.natural64(), in.natural64());
    }

    private static Duration micros(FieldReader in) {
        return Duration.of(in.natural64(), ChronoUnit.MICROS);
    }
}
