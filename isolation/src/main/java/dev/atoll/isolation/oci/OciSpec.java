package dev.atoll.isolation.oci;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of the OCI runtime spec that Atoll uses; component names are the names in {@code config.json}.
 *
 * @param annotations gVisor's own settings of the root filesystem, see {@link RootAnnotations}; nothing else
 */
public record OciSpec(
        String ociVersion,
        Process process,
        Root root,
        String hostname,
        List<Mount> mounts,
        Linux linux,
        Map<String, String> annotations) {

    public OciSpec {
        mounts = List.copyOf(mounts);
        // Sorted: the same box gives the same file, byte for byte.
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    }

    /** PID 1. */
    public record Process(
            boolean terminal,
            User user,
            List<String> args,
            List<String> env,
            String cwd,
            CapabilitySets capabilities,
            List<Rlimit> rlimits,
            boolean noNewPrivileges) {}

    /** Who PID 1 is. */
    public record User(int uid, int gid) {}

    /** The five capability sets of PID 1. */
    public record CapabilitySets(
            List<Capability> bounding,
            List<Capability> effective,
            List<Capability> inheritable,
            List<Capability> permitted,
            List<Capability> ambient) {}

    /** One resource limit; {@code type} is the name in setrlimit(2). */
    public record Rlimit(String type, long hard, long soft) {}

    /** The lower layer. {@code readonly} false lets gVisor lay the box's own writable layer over it. */
    public record Root(String path, boolean readonly) {}

    /** One mount. */
    public record Mount(String destination, String type, String source, List<String> options) {}

    /** What is Linux's alone. */
    public record Linux(String cgroupsPath, List<Namespace> namespaces) {}

    /** A namespace of the box's own. */
    public record Namespace(String type) {}
}
