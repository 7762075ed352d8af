# shellcheck shell=bash
# ./atoll bench create|exec: builds the benchmarks when their sources changed, sees to a platform, and becomes the benchmark.

run_bench() {
    local word
    scope=platform
    if ! is_ready; then set_up platform; fi
    source "$current"
    export JAVA_HOME=${ATOLL_JAVA%/bin/java}
    if ! bench_is_fresh; then
        start_log "$ATOLL_HOME/log/setup.log"
        step "building the benchmarks with Maven" build_bench
    fi
    for word in "$@"; do
        if [[ $word == --help || $word == -h ]]; then become_bench "$@"; fi
    done
    [[ -z ${ATOLL_URL-} ]] ||
        die "$EX_USAGE" "a benchmark runs beside the platform on this machine, and ATOLL_URL names another" "unset ATOLL_URL"
    [[ $EUID -eq 0 ]] || die "$EX_NOPERM" "the benchmarks run runsc, which needs root" "sudo ./atoll bench $*"
    "$ATOLL_ROOT/atoll" up --detach >&2
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

become_bench() {
    exec "$ATOLL_JAVA" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx256m \
        -cp "$ATOLL_ROOT/bench/target/atoll-bench.jar:$ATOLL_ROOT/bench/target/lib/*" dev.atoll.bench.Main "$@"
}
