package dev.atoll.isolation.guest;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a sandbox is, applied to a running guest at claim or after a restore. Absent parts are left as they are.
 *
 * @param hostname 1–63 characters of a DNS label
 * @param machineId 32 lower-case hexadecimal digits for {@code /etc/machine-id}
 * @param environment replaces the environment that spawns inherit
 */
public record GuestIdentity(
        Optional<String> hostname, Optional<String> machineId, Optional<Map<String, String>> environment) {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");
    private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");

    /** Most variables in the inherited environment. */
    public static final int MAX_VARIABLES = 1_024;

    public GuestIdentity {
        environment = environment.map(Map::copyOf);
        hostname.ifPresent(name -> require(LABEL.matcher(name).matches(), "hostname is not a DNS label"));
        machineId.ifPresent(id -> require(MACHINE_ID.matcher(id).matches(), "machine id is not 32 hexadecimal digits"));
        environment.ifPresent(GuestIdentity::checkEnvironment);
    }

    /** The parts of an identity; the number on the wire is the ordinal plus one. */
    public enum Part {
        HOSTNAME,
        MACHINE_ID,
        ENVIRONMENT
    }

    /**
     * What became of it. Parts are applied in the order of {@link Part}; the first that fails ends it.
     *
     * @param failed the part that failed, if one did
     * @param errno why, as a Linux error number
     */
    public record Outcome(Optional<Part> failed, int errno) {
        public boolean applied() {
            return failed.isEmpty();
        }
    }

    private static void checkEnvironment(Map<String, String> variables) {
        long bytes = SpawnRequestException.environmentSize(variables);
        long headers = 8L * (variables.size() + 3);
        require(
                variables.size() <= MAX_VARIABLES && bytes + headers + 128 <= GuestProtocol.MAX_IDENTITY_BYTES,
                "environment is over the limit");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
