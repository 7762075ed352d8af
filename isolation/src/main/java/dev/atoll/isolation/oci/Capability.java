package dev.atoll.isolation.oci;

import java.util.EnumSet;
import java.util.List;

/**
 * The capabilities that a box can have, all of them against the sentry's own kernel: none reaches the host.
 *
 * <p>They are what a Debian userland with a root user needs. Left out on purpose: NET_RAW and NET_ADMIN (crafted
 * packets), SYS_MODULE, SYS_BOOT, SYS_TIME, SYS_RAWIO, AUDIT_CONTROL, MAC_ADMIN (nothing to use them on), DAC_READ_SEARCH
 * (DAC_OVERRIDE covers its uses; what is left is open_by_handle_at), SYS_PTRACE (it opens the memory, namespaces and descriptors of
 * PID 1, by which root could lift the limit on processes and speak to the host; debugging one's own processes needs none).
 */
public enum Capability {
    /** chown, and dpkg's unpacking. */
    CAP_CHOWN,
    /** Root reads and writes files of any owner. */
    CAP_DAC_OVERRIDE,
    /** chmod and utimes on files of any owner. */
    CAP_FOWNER,
    /** Setgid bits survive a write by root. */
    CAP_FSETID,
    /** Root signals processes of any user. */
    CAP_KILL,
    /** Running commands as another group, as su and setpriv do. */
    CAP_SETGID,
    /** Running commands as another user. */
    CAP_SETUID,
    /** Dropping capabilities for good. */
    CAP_SETPCAP,
    /** File capabilities in packages. */
    CAP_SETFCAP,
    /** Ports below 1024. */
    CAP_NET_BIND_SERVICE,
    /** chroot, as debootstrap and sshd use it. */
    CAP_SYS_CHROOT,
    /** FIFOs and device nodes in packages; nodes of devices that gVisor does not emulate cannot be opened. */
    CAP_MKNOD,
    /** nice and ionice. */
    CAP_SYS_NICE,
    /** Login programs write audit records. */
    CAP_AUDIT_WRITE,
    /**
     * Setting the hostname, which PID 1 does when a box is claimed, and mounting. It adds little: gVisor lets any user
     * inside make a user namespace and hold it there, and what it opens is the sentry's code, never the host's.
     */
    CAP_SYS_ADMIN;

    /** The same for PID 1 and what it starts; users other than root have none, as always on Linux. */
    static OciSpec.CapabilitySets sets() {
        List<Capability> all = List.copyOf(EnumSet.allOf(Capability.class));
        return new OciSpec.CapabilitySets(all, all, List.of(), all, List.of());
    }
}
