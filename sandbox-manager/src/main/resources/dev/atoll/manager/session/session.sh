# shellcheck shell=sh
# What session.bash is, for a shell that knows POSIX only: functions are not kept, and a command that sets a trap on EXIT keeps nothing.
# Such a shell cannot read a file whole or rename one, so it forks: the state is written aside and moved into its place.
{
unset -v ATOLL_SESSION
__atoll_directory=$1

__atoll_leave() {
  set +eufvxCa
  __atoll_cwd=$PWD
  {
    set
    export -p
    readonly -p
    printf 'umask %s\n' "$(umask)"
    alias | while IFS= read -r __atoll_line; do printf 'alias %s\n' "${__atoll_line#alias }"; done
    printf '__atoll_whole=yes\n'
  } > "$__atoll_directory/next" 2> /dev/null
  PATH=/bin:/usr/bin:$PATH
  mv -f "$__atoll_directory/next" "$__atoll_directory/state" 2> /dev/null
  exit "$__atoll_code"
}

__atoll_cwd=$2 __atoll_options=''
[ -d "$1" ] || mkdir -m 700 "$1" 2> /dev/null
if [ -f "$1/state" ]; then
  # What the session has unset is not to come back from the environment that every command gets anew.
  for __atoll_name in $(export -p | while IFS= read -r __atoll_line; do
    __atoll_line=${__atoll_line#export } && printf '%s ' "${__atoll_line%%=*}"
  done); do
    case $__atoll_name in
      '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
      *) unset -v "$__atoll_name" ;;
    esac
  done
  . "$1/state" 2> /dev/null
fi
__atoll_directory=$1 __atoll_command=$3 __atoll_name=$__atoll_cwd __atoll_set=''
set --
until cd -- "$__atoll_name" 2> /dev/null; do
  __atoll_name=${__atoll_name%/*}
  [ -n "$__atoll_name" ] || { __atoll_name=/ && cd / && break; }
done
[ "$__atoll_name" = "$__atoll_cwd" ] ||
  printf 'session: %s cannot be entered any more; this is %s\n' "$__atoll_cwd" "$PWD" >&2
for __atoll_name in a e f u v x C; do
  case $__atoll_options in
    *$__atoll_name*) __atoll_set="$__atoll_set -$__atoll_name" ;;
  esac
done
[ -z "$__atoll_set" ] || __atoll_command="set$__atoll_set
$__atoll_command"
trap '{ __atoll_code=$? __atoll_options=$-; set +xv; } 2> /dev/null; __atoll_leave' EXIT
}
