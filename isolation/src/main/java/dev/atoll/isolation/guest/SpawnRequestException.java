package dev.atoll.isolation.guest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A spawn that the guest could not even be told about. Texts never repeat a value: it may be a secret. */
public final class SpawnRequestException extends IllegalArgumentException {
    /** Most {@link ResourceLimit}s in one spawn. */
    static final int MAX_RESOURCE_LIMITS = 16;

    /** Fixed bytes before the strings, and 20 for each resource limit. */
    static final int FIXED_BYTES = 24;

    /** The same when something is asked for that only version 2 knows. */
    static final int LONG_BYTES = 40;

    static final int RESOURCE_LIMIT_BYTES = 20;

    /** What was wrong. The set is closed. */
    public enum Fault {
        EMPTY_ARGV,
        /** A string holds a NUL. */
        NUL,
        /** A variable's name is empty or holds '='. */
        VARIABLE_NAME,
        /** One string is over {@link GuestProtocol#MAX_STRING_BYTES}. */
        STRING_TOO_LONG,
        /** More than {@link GuestProtocol#MAX_SPAWN_STRINGS}. */
        TOO_MANY_STRINGS,
        /** All together is over {@link GuestProtocol#MAX_SPAWN_BYTES}. */
        TOO_LARGE
    }

    private final Fault fault;

    SpawnRequestException(Fault fault, String detail) {
        super(detail);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    static void check(
            List<String> argv,
            Map<String, String> environment,
            String workingDirectory,
            String user,
            List<String> groups,
            List<ResourceLimit> resourceLimits) {
        if (argv.size() + environment.size() > GuestProtocol.MAX_SPAWN_STRINGS) {
            throw new SpawnRequestException(Fault.TOO_MANY_STRINGS, "too many arguments and variables");
        }
        if (resourceLimits.size() > MAX_RESOURCE_LIMITS) {
            throw new IllegalArgumentException("too many resource limits");
        }
        long bytes = LONG_BYTES + (long) RESOURCE_LIMIT_BYTES * resourceLimits.size();
        bytes += sizeOf(workingDirectory, "the working directory");
        bytes += sizeOf(user, "the user");
        for (String group : groups) {
            bytes += sizeOf(group, "a group");
        }
        for (String argument : argv) {
            bytes += sizeOf(argument, "an argument");
        }
        bytes += environmentSize(environment);
        if (bytes > GuestProtocol.MAX_SPAWN_BYTES) {
            throw new SpawnRequestException(
                    Fault.TOO_LARGE, "arguments and environment are over " + GuestProtocol.MAX_SPAWN_BYTES + " bytes");
        }
    }

    static long environmentSize(Map<String, String> environment) {
        long bytes = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new SpawnRequestException(Fault.VARIABLE_NAME, "a variable's name is empty or holds '='");
            }
            bytes += sizeOf(name + "=" + variable.getValue(), "a variable");
        }
        return bytes;
    }

    private static long sizeOf(String text, String what) {
        if (text.indexOf('\0') >= 0) {
            throw new SpawnRequestException(Fault.NUL, what + " holds a NUL");
        }
        long bytes = text.getBytes(StandardCharsets.UTF_8).length + 1L;
        if (bytes > GuestProtocol.MAX_STRING_BYTES) {
            throw new SpawnRequestException(
                    Fault.STRING_TOO_LONG, what + " is over " + GuestProtocol.MAX_STRING_BYTES + " bytes");
        }
        return bytes;
    }
}
