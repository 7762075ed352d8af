# shellcheck shell=bash
# The Maven build, and the distribution that is run: target/dist/ID/{cli,server}/*.jar with AOT caches.
#
# What runs is a copy named by its content, never Maven's own output: a later build cannot change the jars under a
# running platform, and an AOT cache stays valid for exactly the jars it was made from, where it was made: ID is of the
# place as well.

readonly DISTS_KEPT=3

build() {
    local scope=$1 as_old_as=$current dist
    if dist_is_fresh "$scope"; then
        scope=$dist_scope
    else
        as_old_as=$ATOLL_ROOT/target/build-began
        touch "$as_old_as"
        step "building Atoll with Maven (the first time it fetches its libraries)" run_maven "$scope"
        step "putting the distribution together" assemble "$scope"
    fi
    dist=$(< "$ATOLL_ROOT/target/dist/newest")
    if [[ ! -s $dist/cli.aot ]]; then step "making the command line start fast" train_cli "$dist"; fi
    if [[ $scope == platform ]] && wants_rehearsal "$dist"; then
        step "making the platform start fast (once, about 25 s)" train_server "$dist"
        if [[ ! -s $dist/server.aot ]]; then say "the platform could not be rehearsed, so it is slower at first ($log says why)"; fi
    fi
    write_current "$scope" "$as_old_as"
    prune_dists
}

# True if what was last put together is of these sources, for this JDK and holds what the scope needs.
dist_is_fresh() {
    built_here || return 1
    [[ $dist_scope == platform || $1 == client ]] &&
        [[ $ATOLL_JAVA == "$jdk_home/bin/java" && -d $(< "$ATOLL_ROOT/target/dist/newest") ]] &&
        ! sources_newer_than "$current"
}

run_maven() {
    local modules=server,clients/cli
    if [[ $1 == client ]]; then modules=clients/cli; fi
    # Maven only adds to these: libraries of another version would stay beside the new ones.
    rm -rf "$ATOLL_ROOT"/{server,clients/cli}/target/lib
    cd "$ATOLL_ROOT" || return
    ./mvnw --batch-mode --no-transfer-progress --quiet -T 2 -DskipTests -Dspotless.check.skip=true \
        --projects "$modules" --also-make package
}

# Copies the jars that run into target/dist/ID and writes that path to target/dist/newest.
assemble() {
    local new=$ATOLL_ROOT/target/dist/.new id
    rm -rf "$new"
    mkdir -p "$new"
    collect_jars "$ATOLL_ROOT/clients/cli/target" "$new/cli" cli
    if [[ $1 == platform ]]; then collect_jars "$ATOLL_ROOT/server/target" "$new/server" server; fi
    id=$(cd "$new" && {
        find . -name '*.jar' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
        cat "$jdk_home/release"
        echo "$ATOLL_ROOT"
    } | sha256sum)
    id=${id:0:16}
    if [[ -d $ATOLL_ROOT/target/dist/$id ]]; then
        touch "$ATOLL_ROOT/target/dist/$id"
        rm -rf "$new"
    else
        mv "$new" "$ATOLL_ROOT/target/dist/$id"
    fi
    echo "$ATOLL_ROOT/target/dist/$id" > "$ATOLL_ROOT/target/dist/newest"
}

# collect_jars MODULE_TARGET TO NAME: the module's own jar and its runtime libraries.
collect_jars() {
    mkdir "$2"
    cp --preserve=timestamps "$1/atoll-$3.jar" "$2/"
    if [[ -d $1/lib ]]; then cp --preserve=timestamps "$1"/lib/*.jar "$2/"; fi
}

# The flags of a short-lived JVM: no second compiler, no parallel collector, no perf data file. What the JVM itself has to
# say must not get into the command's stdout: its warnings are off, and Ctrl-\ (SIGQUIT, whose thread dump no option but
# the display of VM output as a whole turns off) does nothing.
cli_flags() {
    echo -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
        -XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput -Xlog:disable -Xlog:all=error:stderr
}

# Lets the command line rehearse, so that the JVM remembers what it loads and links; a failure only costs speed.
train_cli() {
    local classpath
    classpath=$(join_jars "$1/cli")
    # shellcheck disable=SC2046 # one word per flag
    "$jdk_home/bin/java" $(cli_flags) -XX:AOTCacheOutput="$1/cli.aot" -cp "$classpath" dev.atoll.cli.Rehearsal || rm -f "$1/cli.aot"
}

join_jars() {
    local jars
    jars=("$1"/*.jar)
    (IFS=: && echo "${jars[*]}")
}

# What the launcher sources on every run. Written under another name first: a reader sees the old or the new one.
write_current() {
    local aot=()
    if [[ -s $dist/cli.aot ]]; then aot=("-XX:AOTCache=$dist/cli.aot"); fi
    {
        printf 'dist_root=%q\n' "$ATOLL_ROOT"
        printf 'dist_scope=%q\nrefused_java_home=%q\nATOLL_JAVA=%q\n' "$1" "$refused_java_home" "$jdk_home/bin/java"
        # shellcheck disable=SC2046 # one word per flag
        printf 'cli_options=(%s)\n' "$(printf '%q ' $(cli_flags) "${aot[@]}")"
        printf 'cli_classpath=%q\n' "$(join_jars "$dist/cli")"
        printf 'ATOLL_SERVER_CP=%q\n' "$([[ ! -d $dist/server ]] || join_jars "$dist/server")"
        printf 'ATOLL_SERVER_OPTS=%q\n' "$(server_options "$dist")"
    } > "$current.new"
    touch --reference="$2" "$current.new"
    mv "$current.new" "$current"
}

# Keeps the newest few: a platform that still runs from an older one goes on having its jars.
prune_dists() {
    local old
    while IFS= read -r old; do rm -rf "$old"; done < <(
        find "$ATOLL_ROOT/target/dist" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
            sort -rn | cut -d' ' -f2- | tail -n +$((DISTS_KEPT + 1))
    )
}
