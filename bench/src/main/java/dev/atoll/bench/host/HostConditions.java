package dev.atoll.bench.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures depend on besides the code, by name. Nothing of it is changed. */
public final class HostConditions {
    private static final int LOADS = 3;
    private static final int LONGEST_BYTES = 4096;

    private HostConditions() {}

    /** The load averages over 1, 5 and 15 minutes. */
    public static String load() {
        String[] words = read("/proc/loadavg").split(" ", LOADS + 1);
        return words.length <= LOADS ? "unknown" : words[0] + " " + words[1] + " " + words[2];
    }

    /** What the machine is and how it is set. */
    public static Map<String, String> of(int cores) {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put("kernel", read("/proc/sys/kernel/osrelease"));
        conditions.put("cores", String.valueOf(cores));
        conditions.put("rcu_expedited", read("/sys/kernel/rcu_expedited"));
        conditions.put("vm.max_map_count", read("/proc/sys/vm/max_map_count"));
        conditions.put("governor", read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        conditions.put(
                "control groups",
                Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? "version 2" : "version 1");
        return conditions;
    }

    private static String read(String file) {
        // In one read: a file of the kernel's settings has no second one.
        try (InputStream open = Files.newInputStream(Path.of(file))) {
            return new String(open.readNBytes(LONGEST_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException absent) {
            return "not there";
        }
    }
}
