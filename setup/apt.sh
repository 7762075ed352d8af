# shellcheck shell=bash
# Packages by apt: the only file that knows the distribution (Debian 12 and 13, Ubuntu 24.04).

readonly BACKPORTS_LIST=/etc/apt/sources.list.d/atoll-backports.list

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# A source that cannot be read is no reason to stop: the install that follows tells whether it was needed.
apt_update() { apt_get update || echo "not all package lists could be fetched; going on with what is known"; }

apt_install() {
    apt_update
    apt_get install "$@"
}

apt_knows() {
    command -v apt-cache > /dev/null && apt-cache show --no-all-versions "$1" > /dev/null 2>&1
}

require_root_for_packages() {
    command -v apt-get > /dev/null ||
        die "$EX_MISSING" "missing: $1, and this machine has no apt-get to install it with" \
            "install what these Debian packages hold with this machine's own tools, then run it again"
    [[ $EUID -eq 0 ]] ||
        die "$EX_NOPERM" "missing packages: $1; only root can install them" "sudo apt-get install $1   (or: sudo ./atoll setup)"
}

# The newest packaged Go >= 1.21 that apt knows, as package name; empty if there is none.
newest_go_package() {
    apt-cache pkgnames golang-1. | grep -E '^golang-1\.[0-9]+-go$' | sort --version-sort | while read -r name; do
        minor=${name#golang-1.}
        if [[ ${minor%-go} -ge $MIN_GO_MINOR ]] && apt_knows "$name"; then echo "$name"; fi
    done | tail -n 1
}

# Debian 12's own Go is too old to fetch the toolchain that runsc needs; its backports have a newer one.
install_go() {
    local package
    apt_update
    package=$(newest_go_package)
    if [[ -z $package ]]; then
        add_backports
        apt_update
        package=$(newest_go_package)
    fi
    if [[ -z $package ]]; then
        echo "remedy: no package of Go >= 1.$MIN_GO_MINOR: unpack one from https://go.dev/dl into /usr/local/go, then run it again"
        return 1
    fi
    apt_get install "$package"
}

# Adds CODENAME-backports of the very mirror, and with the key, that this machine's sources name for the release.
add_backports() {
    local codename uri signed_by options=
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    IFS='|' read -r uri signed_by < <(debian_mirror "$codename") || true
    if [[ -z ${uri-} ]]; then
        echo "no apt source for $codename found in /etc/apt: cannot derive where its backports are"
        echo "remedy: unpack Go from https://go.dev/dl into /usr/local/go, then run it again"
        return 1
    fi
    # Apt repeats the placeholder where a source names no key, and gives a key in full where it is written in the source.
    if [[ $signed_by == /* ]]; then options="[signed-by=$signed_by] "; fi
    printf '# Added by Atoll for Go, which builds its runsc.\ndeb %s%s %s-backports main\n' \
        "$options" "$uri" "$codename" > "$BACKPORTS_LIST"
    # A line that apt cannot read would break every later use of apt.
    apt-get indextargets > /dev/null || { rm -f "$BACKPORTS_LIST" && return 1; }
}

# "URI|KEYRING" of the archive that this machine's apt takes the main component of a release from.
debian_mirror() {
    # shellcheck disable=SC2016 # the dollars are apt's own
    apt-get indextargets --format '$(CODENAME)|$(COMPONENT)|$(REPO_URI)|$(SIGNED_BY)' 'Created-By: Packages' |
        awk -F'|' -v codename="$1" '$1 == codename && $2 == "main" { print $3 "|" $4; exit }'
}

# The address of Debian's archive that this machine uses; empty on another distribution.
debian_archive() {
    (
        . /etc/os-release
        if [[ $ID == debian ]]; then debian_mirror "${VERSION_CODENAME-}" | cut -d'|' -f1; fi
    )
}
