#!/usr/bin/env bash
# Builds the runsc that Atoll pins into OUTDIR/runsc: about 75 s on two cores, 1 s when it is already there.
#
# The version stamp matters: checkpoints are tied to it, and unstamped builds would all look alike to a restore.
# CGO_ENABLED=0 matters: a build with cgo loses its loader after it has entered its empty root and cannot boot.
# Needs Go >= 1.21 (it fetches the toolchain that go.mod names through the module proxy).
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 64
fi
out=$(realpath -m "$1")
stamp=release-20260905.0-module
cd "$(dirname "$(realpath "$0")")"

if [[ -x $out/runsc && $("$out/runsc" --version | head -n 1) == "runsc version $stamp" ]]; then
    echo "$out/runsc is $stamp already"
    exit 0
fi
if ! command -v go > /dev/null; then
    echo "build.sh: go is missing; Debian 12: apt-get install -t bookworm-backports golang-go" >&2
    exit 69
fi

mkdir -p "$out"
trap 'rm -f "$out/.runsc.new"' EXIT
GOFLAGS='' GOTOOLCHAIN=auto GOWORK=off CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false \
    -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$stamp" \
    -o "$out/.runsc.new" gvisor.dev/gvisor/runsc
mv "$out/.runsc.new" "$out/runsc"
"$out/runsc" --version
