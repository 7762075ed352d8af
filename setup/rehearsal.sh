# shellcheck shell=bash
# How the server's JVM is started, and the rehearsal of the platform that lets it start fast: its AOT cache holds the
# classes that a platform loads and what is hot in them, so that the first requests are as fast as later ones.

# A server that is started with a longer path would refuse it: sockets lie below it.
readonly LONGEST_HOME=55

# The flags without which a cache would not fit, separated by blanks. A young generation of fixed size: what streams
# through it (the output of execs) must not make it grow; under G1 a gibibyte of output left 145 MiB behind, so 16. What
# the compiler frees goes back to the kernel every 10 s: glibc keeps it otherwise, 66 MiB after 10,000 execs.
server_flags() {
    echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -Xms48m -Xmn16m -Xmx1g" \
        "-XX:TrimNativeHeapInterval=10000 $(latency_flags)"
}

# For calls that come once in a while and find the processor's caches cold (docs/decisions/0016): huge pages for heap and
# code, because a missed translation of an address costs more in a virtual machine, and compilers that begin after a tenth
# of the calls that they wait for otherwise, as what a server does it does thousands of times.
latency_flags() {
    local pages=/sys/kernel/mm/transparent_hugepage/enabled
    # Where the kernel never gives any, the JVM would complain about the flag on stdout.
    if [[ -r $pages && $(<"$pages") != *'[never]'* ]]; then printf '%s ' -XX:+UseTransparentHugePages; fi
    echo "-XX:-SegmentedCodeCache" \
        "-XX:Tier0InvokeNotifyFreqLog=4 -XX:Tier3InvocationThreshold=20 -XX:Tier3MinInvocationThreshold=10" \
        "-XX:Tier3CompileThreshold=200 -XX:Tier4InvocationThreshold=500 -XX:Tier4MinInvocationThreshold=100" \
        "-XX:Tier4CompileThreshold=1500"
}

# All flags of the server. Without an AOT cache the JVM itself writes an archive of loaded classes when the first server
# ends, which halves the CPU that later starts take. Neither works where the path has a blank. What the JVM has to say
# about a cache that does not fit must not get into the stdout of a command.
server_options() {
    if [[ $1 == *' '* ]]; then
        server_flags
    elif [[ -s $1/server.aot ]]; then
        echo "$(server_flags) -Xlog:disable -Xlog:all=warning:stderr -XX:AOTCache=$1/server.aot"
    else
        echo "$(server_flags) -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=$1/server.jsa"
    fi
}

# True if there is a server that has no cache yet and can be rehearsed: that makes real sandboxes.
wants_rehearsal() {
    local home=$ATOLL_HOME/rehearsal
    [[ $EUID -eq 0 && -d $1/server && ! -s $1/server.aot && $1 != *' '* && ${#home} -le $LONGEST_HOME ]]
}

# Makes the cache, on a data directory that the rehearsal makes and removes. A failure only costs speed, so the set-up goes
# on; but not if it was told to end.
train_server() {
    local rc=0 fresh=$1/server.aot.new
    rm -f "$1"/server.aot.new*
    rehearse "$1" "-XX:AOTCacheOutput=$fresh" || rc=$?
    if [[ $rc -eq 0 && -s $fresh ]]; then
        mv "$fresh" "$1/server.aot"
        rm -f "$1/server.jsa"
        return
    fi
    rm -f "$1"/server.aot.new*
    if [[ -e $ATOLL_HOME/rehearsal ]]; then rehearse "$1" -Xshare:auto --clear || true; fi
    case $rc in 130 | 143) return "$rc" ;; esac
}

# rehearse DIST JVM_FLAG [ARGUMENT]. It ends by itself within two minutes, and the JVM then writes for some seconds. What it
# starts must not hold the locks of the set-up if it outlives it.
rehearse() {
    # shellcheck disable=SC2046 # one word per flag
    timeout --foreground --kill-after=20 180 \
        "$jdk_home/bin/java" $(server_flags) -Xlog:disable -Xlog:all=error:stderr "$2" -cp "$(join_jars "$1/server")" \
        dev.atoll.server.rehearsal.Rehearsal "--home=$ATOLL_HOME/rehearsal" \
        "--runsc=${ATOLL_RUNSC:-$ATOLL_HOME/runtime/runsc}" "${@:3}" {home_lock}>&- {root_lock}>&-
}
