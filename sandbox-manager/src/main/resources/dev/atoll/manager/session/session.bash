# One command of a shell session: takes up what the last command left, and leaves what this one leaves when it ends.
# Evaluated by a fresh bash before the command, with three arguments: the session's directory, its first working directory, the command.
# The state is text for eval, in the files a and b of the directory. The older one is written, so that being killed at any moment
# leaves the other; a file without its last line does not count. Nothing here forks.
# It is one compound command, so that all of it is parsed before an alias of the session is known.
{
builtin unset -v ATOLL_SESSION
__atoll_directory=$1 __atoll_command=$3 __atoll_exit='' __atoll_process=$BASHPID
__atoll_count=0 __atoll_next=a __atoll_state='' __atoll_set=''
__atoll_cwd=$2
builtin set --

__atoll_all() {
  __atoll_names=(
    "${!a@}" "${!b@}" "${!c@}" "${!d@}" "${!e@}" "${!f@}" "${!g@}" "${!h@}" "${!i@}" "${!j@}" "${!k@}" "${!l@}" "${!m@}"
    "${!n@}" "${!o@}" "${!p@}" "${!q@}" "${!r@}" "${!s@}" "${!t@}" "${!u@}" "${!v@}" "${!w@}" "${!x@}" "${!y@}" "${!z@}"
    "${!A@}" "${!B@}" "${!C@}" "${!D@}" "${!E@}" "${!F@}" "${!G@}" "${!H@}" "${!I@}" "${!J@}" "${!K@}" "${!L@}" "${!M@}"
    "${!N@}" "${!O@}" "${!P@}" "${!Q@}" "${!R@}" "${!S@}" "${!T@}" "${!U@}" "${!V@}" "${!W@}" "${!X@}" "${!Y@}" "${!Z@}"
    "${!_@}")
}

__atoll_write() {
  builtin printf '#atoll %s\n' "$((__atoll_count + 1))"
  builtin umask -p
  builtin printf '__atoll_cwd=%q __atoll_options=:%q:\n' "$__atoll_cwd" "$__atoll_options"
  builtin declare -p "${__atoll_kept[@]}"
  builtin unset -f __atoll_all __atoll_write __atoll_save __atoll_leave __atoll_resume trap
  builtin printf 'builtin shopt -s extglob\n'
  builtin declare -f
  builtin declare -Fx
  builtin shopt -p
  builtin printf '%s\n' "$__atoll_shopt"
  builtin alias -p
  builtin printf '#end\n'
}

__atoll_save() {
  builtin set +o errexit +o nounset +o noglob +o posix +o errtrace +o functrace
  builtin trap - DEBUG ERR RETURN
  __atoll_shopt=''
  for __atoll_name in nocasematch extdebug; do
    [[ :$BASHOPTS: == *:$__atoll_name:* ]] && __atoll_shopt+="builtin shopt -s $__atoll_name;"
  done
  builtin shopt -u nocasematch extdebug
  __atoll_cwd=$PWD
  [[ $PWD == /* && $PWD -ef . ]] || __atoll_cwd=$(builtin pwd 2> /dev/null) || __atoll_cwd=$PWD
  __atoll_all
  __atoll_kept=()
  for __atoll_name in "${__atoll_names[@]}"; do
    case $__atoll_name in
      __atoll_* | _ | BASH | BASHOPTS | BASHPID | BASH_ALIASES | BASH_ARGC | BASH_ARGV | BASH_ARGV0 | BASH_CMDS | BASH_COMMAND) ;;
      BASH_EXECUTION_STRING | BASH_LINENO | BASH_REMATCH | BASH_SOURCE | BASH_SUBSHELL | BASH_VERSINFO | BASH_VERSION) ;;
      BASH_MONOSECONDS | COMP_WORDBREAKS | DIRSTACK | EPOCHREALTIME | EPOCHSECONDS | EUID | FUNCNAME | GROUPS | HISTCMD) ;;
      LINENO | PIPESTATUS | PPID | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID) ;;
      *) __atoll_kept+=("$__atoll_name") ;;
    esac
  done
  { __atoll_write >| "$__atoll_directory/$__atoll_next"; } 2> /dev/null
}

# The end of the command, however it came to it. A trap that the command has set on EXIT comes first; what it does is kept too.
__atoll_leave() {
  [[ $BASHPID == "$__atoll_process" ]] || builtin return 0
  if [[ -n $__atoll_exit ]]; then
    (__atoll_save)
    __atoll_command=$__atoll_exit __atoll_exit=''
    __atoll_resume "$__atoll_code"
    builtin eval "$__atoll_command"
    __atoll_options=$SHELLOPTS
  fi
  __atoll_save
  builtin exit "$__atoll_code"
}

__atoll_resume() { builtin return "$1"; }

# Of the traps, the one on EXIT is the session's; what the command wants done at its end is remembered.
trap() {
  if [[ $BASHPID != "$__atoll_process" || $# -lt 2 || $1 == -p || $1 == -l ]]; then
    builtin trap "$@"
    builtin return
  fi
  [[ $1 == -- ]] && builtin shift
  builtin local __atoll_action="$1" __atoll_signal='' __atoll_result=0
  builtin shift
  for __atoll_signal; do
    case $__atoll_signal in
      0 | EXIT | exit | SIGEXIT)
        __atoll_exit=$__atoll_action
        [[ $__atoll_action == - ]] && __atoll_exit=''
        ;;
      *) builtin trap -- "$__atoll_action" "$__atoll_signal" || __atoll_result=1 ;;
    esac
  done
  builtin return "$__atoll_result"
}

[[ -d $__atoll_directory ]] || command mkdir -m 700 -- "$__atoll_directory" 2> /dev/null
for __atoll_name in a b; do
  [[ -f $__atoll_directory/$__atoll_name ]] || builtin continue
  { IFS='' builtin read -r -d '' __atoll_text < "$__atoll_directory/$__atoll_name"; } 2> /dev/null
  if [[ $__atoll_text == '#atoll '[0-9]*$'\n#end\n' ]]; then
    __atoll_seen=${__atoll_text%%$'\n'*} __atoll_seen=${__atoll_seen#'#atoll '}
    if [[ $__atoll_seen =~ ^[0-9]{1,15}$ && $__atoll_seen -gt $__atoll_count ]]; then
      __atoll_count=$__atoll_seen __atoll_state=$__atoll_text __atoll_next=a
      [[ $__atoll_name == a ]] && __atoll_next=b
    fi
  fi
done

builtin shopt -s expand_aliases
__atoll_options=:braceexpand:hashall:interactive-comments:
if [[ -n $__atoll_state ]]; then
  # What the session has unset is not to come back from the environment that every command gets anew.
  __atoll_all
  for __atoll_name in "${__atoll_names[@]}"; do
    [[ ${!__atoll_name@a} == *x* && $__atoll_name != SHLVL ]] && builtin unset -v "$__atoll_name"
  done
  { builtin eval "$__atoll_state"; } 2> /dev/null
fi
__atoll_state='' __atoll_text='' __atoll_name=$__atoll_cwd
until builtin cd -- "$__atoll_name" 2> /dev/null; do
  __atoll_name=${__atoll_name%/*} __atoll_name=${__atoll_name:-/}
  [[ $__atoll_name == / ]] && { builtin cd /; builtin break; }
done
[[ $__atoll_name == "$__atoll_cwd" ]] ||
  builtin printf 'session: %s cannot be entered any more; this is %s\n' "$__atoll_cwd" "$PWD" >&2
for __atoll_name in allexport braceexpand errexit errtrace functrace hashall ignoreeof interactive-comments keyword monitor \
  noclobber noglob nolog notify nounset physical pipefail posix verbose xtrace; do
  if [[ $__atoll_options == *:$__atoll_name:* ]]; then
    [[ :$SHELLOPTS: == *:$__atoll_name:* ]] || __atoll_set+=" -o $__atoll_name"
  else
    [[ :$SHELLOPTS: == *:$__atoll_name:* ]] && __atoll_set+=" +o $__atoll_name"
  fi
done
[[ -n $__atoll_set ]] && __atoll_command="builtin set$__atoll_set"$'\n'"$__atoll_command"
builtin trap '{ __atoll_code=$? __atoll_options=$SHELLOPTS; builtin set +x +v; } 2> /dev/null; __atoll_leave' EXIT
}
