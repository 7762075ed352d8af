# shellcheck shell=bash
# Facts about the kernel and the host that decide whether sandboxes can run here. Each fact sets "fact" to its words.

cgroup_fact() {
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
        fact="cgroup v2 with $(< /sys/fs/cgroup/cgroup.controllers)"
    elif [[ -d /sys/fs/cgroup/memory && -d /sys/fs/cgroup/pids ]]; then
        fact="cgroup v1 with memory, pids"
    else
        fact="no cgroup with memory and pids at /sys/fs/cgroup"
        return 1
    fi
}

# The embedded Postgres leaves root by a user namespace; gVisor wants one too.
user_namespace_fact() {
    if unshare --user true 2> /dev/null; then
        fact="user namespaces work"
    else
        fact="user namespaces are refused (max $(cat /proc/sys/user/max_user_namespaces 2> /dev/null || echo unknown))"
        return 1
    fi
}

kvm_fact() {
    if [[ -r /dev/kvm && -w /dev/kvm ]]; then
        fact="/dev/kvm is usable"
    else
        fact="no usable /dev/kvm; gVisor's systrap platform does without"
    fi
}

# Free space where the data goes, in GiB; the nearest parent that exists counts.
disk_fact() {
    local dir=$1 needed=$2 free
    while [[ ! -d $dir ]]; do dir=${dir%/*} dir=${dir:-/}; done
    free=$(df --output=avail --block-size=1M "$dir" | tail -n 1)
    fact="$((free / 1024)).$((free % 1024 * 10 / 1024)) GiB free at $1"
    [[ $free -ge $((needed * 1024)) ]]
}

# Sets "fact" to who listens on a TCP port of this machine, and "listener" to its command line; 1 if nobody does.
port_taken() {
    local hex inode pid
    listener=
    printf -v hex '%04X' "$1"
    inode=$(cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | awk -v port=":$hex" \
        '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }')
    [[ -n $inode ]] || return 1
    pid=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -printf '%h\n' -quit 2> /dev/null) || true
    pid=${pid#/proc/} pid=${pid%/fd}
    fact="port $1 is taken by another process"
    if [[ -n $pid ]]; then
        listener=$(tr '\0' ' ' < "/proc/$pid/cmdline") || true
        fact="port $1 is taken by process $pid (${listener:0:60})"
    fi
}
