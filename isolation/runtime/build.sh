#!/usr/bin/env bash
# Builds the runsc that Atoll pins into OUTDIR/runsc: about 75 s on two cores, 1 s when it is already there.
#
# The version stamp matters: checkpoints are tied to it, and unstamped builds would all look alike to a restore; "-atoll"
# in it says that the changes below are in. CGO_ENABLED=0 matters: a build with cgo loses its loader after it has entered its
# empty root and cannot boot. Needs Go >= 1.21 (it fetches the toolchain that go.mod names through the module proxy).
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: build.sh OUTDIR" >&2
    exit 64
fi
out=$(realpath -m "$1")
stamp=release-20260905.0-atoll4
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
work=$(mktemp -d)
trap 'rm -rf "$work" "$out/.runsc.new"' EXIT
export GOFLAGS='' GOTOOLCHAIN=auto GOWORK=off CGO_ENABLED=0

go mod download gvisor.dev/gvisor
cp -r "$(go list -mod=readonly -m -f '{{.Dir}}' gvisor.dev/gvisor)" "$work/gvisor"
chmod -R u+w "$work/gvisor"

runtime=$PWD
cp -r gvisor/. "$work/gvisor"
cd "$work/gvisor"
# shellcheck source=changes.sh
source "$runtime/changes.sh"
cd "$runtime"

cp go.mod go.sum "$work"
go mod edit -replace "gvisor.dev/gvisor=$work/gvisor" "$work/go.mod"
build=(-modfile="$work/go.mod" -mod=readonly -trimpath -buildvcs=false)
go test "${build[@]}" gvisor.dev/gvisor/pkg/sentry/platform/systrap
go build "${build[@]}" \
    -ldflags "-s -w -X gvisor.dev/gvisor/runsc/version.version=$stamp" \
    -o "$out/.runsc.new" gvisor.dev/gvisor/runsc
mv "$out/.runsc.new" "$out/runsc"
"$out/runsc" --version
