#!/bin/sh
# Builds the fuzzer and a guest with ASan and UBSan into OUTDIR: fuzz, atoll-init-asan. Needs gcc.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 OUTDIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v gcc >/dev/null 2>&1; then
	echo "the guest's tests need gcc, which is not installed: apt-get install -y gcc libc6-dev" >&2
	exit 1
fi
mkdir -p "$1"
flags="-std=gnu11 -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -Wall -Wextra -Werror"
cd "$here"
# shellcheck disable=SC2086 # the flags are words of their own
gcc $flags -Dsethostname=fuzz_sethostname -DMACHINE_ID_FILE='"/dev/null"' -o "$1/fuzz" \
	exec.c stream.c spawn.c batch.c groups.c terminal.c identity.c input.c output.c test/fuzz.c
# shellcheck disable=SC2086
gcc $flags -o "$1/atoll-init-asan" ./*.c
# shellcheck disable=SC2086
gcc $flags -D_FORTIFY_SOURCE=0 -o "$1/files-fuzz" files*.c batch.c users.c test/files_fuzz.c
