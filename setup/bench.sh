# shellcheck shell=bash
# ./atoll bench: builds the benchmarks when their sources changed, sees to a platform, and becomes the benchmark.

run_bench() {
    local word own_platform=false
    scope=platform
    if ! is_ready; then set_up platform; fi
    source "$current"
    export JAVA_HOME=${ATOLL_JAVA%/bin/java}
    if ! bench_is_fresh; then
        start_log "$ATOLL_HOME/log/setup.log"
        step "building the benchmarks with Maven" build_bench
    fi
    for word in "$@"; do
        case $word in
            --help | -h) become_bench "$@" ;;
            chaos) own_platform=true ;;
        esac
    done
    [[ -z ${ATOLL_URL-} ]] ||
        die "$EX_USAGE" "a benchmark runs beside the platform on this machine, and ATOLL_URL names another" "unset ATOLL_URL"
    [[ $EUID -eq 0 ]] || die "$EX_NOPERM" "the benchmarks run runsc, which needs root" "sudo ./atoll bench $*"
    # chaos starts one of its own, to kill it.
    if [[ $own_platform == false ]]; then "$ATOLL_ROOT/atoll" up --detach >&2; fi
    become_bench "$@"
}

bench_is_fresh() {
    local jar=$ATOLL_ROOT/bench/target/atoll-bench.jar newer
    [[ -s $jar && -d $ATOLL_ROOT/bench/target/lib ]] || return 1
    newer=$(find "$ATOLL_ROOT/pom.xml" "$ATOLL_ROOT"/bench/{pom.xml,src/main} -newer "$jar" -print -quit)
    [[ -z $newer ]]
}

build_bench() {
    # Maven only adds to this, and leaves a jar alone whose content is the same.
    rm -rf "$ATOLL_ROOT"/bench/target/{lib,atoll-bench.jar}
    cd "$ATOLL_ROOT" || return
    ./mvnw --batch-mode --no-transfer-progress --quiet -DskipTests -Dspotless.check.skip=true --projects bench package
}

# ATOLL_JAVA, ATOLL_SERVER_CP and ATOLL_SERVER_OPTS tell it how to start a platform.
# No second compiler: on a small machine it would take CPU time from what is measured. The first one begins early, so that
# the client of the calls is compiled when counting begins.
become_bench() {
    export ATOLL_JAVA ATOLL_SERVER_CP ATOLL_SERVER_OPTS
    exec "$ATOLL_JAVA" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \
        -XX:Tier0InvokeNotifyFreqLog=2 -XX:Tier3InvocationThreshold=8 -XX:Tier3MinInvocationThreshold=4 -XX:Tier3CompileThreshold=80 \
        -cp "$ATOLL_ROOT/bench/target/atoll-bench.jar:$ATOLL_ROOT/bench/target/lib/*" dev.atoll.bench.Main "$@"
}
