#!/usr/bin/env bash
# Puts Debian's runsc 20240729, the oldest build that Atoll accepts, at OUTDIR/runsc. Only tests need it.
#
# The package comes from bookworm-backports through apt with a configuration, package lists and cache of its own
# that live in a temporary directory: neither the sources nor the lists nor the packages of the machine change.
# Works on Debian 12 and 13 (both carry the keys of bookworm).
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: floor.sh OUTDIR" >&2
    exit 64
fi
out=$(realpath -m "$1")
suite=bookworm-backports
version='0.0~20240729.*'
mirror=${ATOLL_DEBIAN_MIRROR-}
if [[ -z $mirror ]]; then
    echo "floor.sh: set ATOLL_DEBIAN_MIRROR to the address of a Debian mirror" >&2
    exit 69
fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

if [[ ! -f $keyring ]]; then
    echo "floor.sh: $keyring is missing; install it: apt-get install debian-archive-keyring" >&2
    exit 69
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
: > "$work/status"
echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/sources.list"

# Read after the machine's own settings (so its proxies stay in force), and clears what those would run afterwards.
# APT::Sandbox::User: the temporary directory is private to the caller, apt's own user could not enter it.
cat > "$work/apt.conf" <<CONF
#clear APT::Update;
#clear DPkg::Post-Invoke;
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::State::status "$work/status";
Dir::State::extended_states "$work/extended_states";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "1";
CONF
private_apt=(--config-file="$work/apt.conf")
apt-get "${private_apt[@]}" -qq update
(cd "$work" && apt-get "${private_apt[@]}" -qq download "runsc=$version")
dpkg-deb --extract "$work"/runsc_*.deb "$work/unpacked"

mkdir -p "$out"
install -m 0755 "$work/unpacked/usr/bin/runsc" "$out/.runsc.new"
mv "$out/.runsc.new" "$out/runsc"
"$out/runsc" --version
