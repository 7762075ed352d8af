package dev.atoll.server.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every setting: a flag {@code --key=value}, or the environment variable {@code ATOLL_KEY}; the flag is stronger. Empty is not set. */
public enum Setting {
    HOME("/var/lib/atoll", "the data directory"),
    LISTEN("127.0.0.1:7070", "address and port of the API; port 0 takes a free one"),
    GRPC_LISTEN("", "address and port for SDKs, which speak gRPC, or off; without it the port after the API's"),
    DATABASE_URL(
            "", "postgres://user:password@host/name; without it an embedded database under the data directory is used"),
    DEBIAN_MIRROR("", "the mirror that the image base is assembled from; without it the archive that mmdebstrap knows"),
    RUNSC("", "the gVisor runtime; without it the pinned build under the data directory is used"),
    RUNSC_PLATFORM("systrap", "how gVisor intercepts system calls: systrap, kvm or ptrace"),
    CGROUP_PARENT(
            "",
            "the control group of all sandboxes, which no other platform may use; without it one named after the data directory"),
    POOL_SIZE(
            "",
            "most sandboxes kept ready before they are asked for, 0 for none; without it a tenth of the memory's worth"),
    POOL_MIN("1", "sandboxes of the default image and size that are kept ready whatever the demand"),
    POOL_CPU_PERCENT("50", "share of the host's cores that making sandboxes ahead of need may use"),
    SANDBOX_LIMIT("4000", "most sandboxes at a time on this host"),
    STOP_GRACE("200ms", "how long the commands of a sandbox that is stopped may take to end after SIGTERM"),
    RETENTION("24h", "how long what a sandbox said can be read after its end"),
    RETENTION_SIZE("4Gi", "most output kept of ended sandboxes together on this host; beyond it the oldest goes"),
    RETENTION_COUNT("10000", "most ended sandboxes of which that is kept on this host"),
    CPU_OVERCOMMIT_PERCENT(
            "3200",
            "CPU that all sandboxes together may be promised, in percent of the host's cores; most of them mostly wait"),
    LOG_LEVEL("info", "error, warn, info, debug or trace");

    private final String otherwise;
    private final String help;

    Setting(String otherwise, String help) {
        this.otherwise = otherwise;
        this.help = help;
    }

    /** Its name on the command line. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its name in the environment. */
    public String variable() {
        return "ATOLL_" + name();
    }

    /** What holds when it is not set; empty when its absence means something else than a value. */
    public String otherwise() {
        return otherwise;
    }

    /** What it is, in one line. */
    public String help() {
        return help;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }

    static Optional<Setting> ofVariable(String variable) {
        return Arrays.stream(values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst();
    }
}
