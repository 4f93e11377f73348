# Long commands with a line of progress: all they print goes to a log, what went wrong is shown.
# shellcheck shell=bash

# The command in progress, so that an EXIT trap can end it.
LONG_COMMAND=

# with_progress LABEL LOG COUNTER COMMAND…: COUNTER is a function that says from the log how far the command is.
# The command gets a session of its own: Ctrl-C reaches it only through end_long_command.
with_progress() {
  local label=$1 log=$2 counter=$3 began=$SECONDS shown=$SECONDS status=0
  shift 3
  setsid env --default-signal=INT "$@" >"$log" 2>&1 </dev/null &
  LONG_COMMAND=$!
  while kill -0 "$LONG_COMMAND" 2>/dev/null; do
    if [[ -t 2 ]]; then
      printf '\r\033[K%s · %s · %s' "$label" "$("$counter" "$log")" "$(elapsed "$began")" >&2
    elif ((SECONDS - shown >= 30)); then
      say "$label · $("$counter" "$log") · $(elapsed "$began")"
      shown=$SECONDS
    fi
    sleep 0.3
  done
  wait "$LONG_COMMAND" || status=$?
  LONG_COMMAND=
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  if ((status == 0)); then say "$label · done in $(elapsed "$began")"; fi
  return "$status"
}

# SwiftPM ends its compilers and tests only when interrupted; anything else may need the harder word.
end_long_command() {
  local signal deadline
  [[ -n $LONG_COMMAND ]] || return 0
  for signal in INT TERM KILL; do
    kill "-$signal" -- "-$LONG_COMMAND" 2>/dev/null || kill "-$signal" "$LONG_COMMAND" 2>/dev/null || break
    deadline=$((SECONDS + 5))
    while kill -0 "$LONG_COMMAND" 2>/dev/null && ((SECONDS < deadline)); do sleep 0.1; done
  done
  wait "$LONG_COMMAND" 2>/dev/null || true
  LONG_COMMAND=
}

elapsed() {
  local seconds=$((SECONDS - $1))
  printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

# swift_build LABEL LOG ARGUMENTS…: shows the compiler's errors when it fails.
swift_build() {
  local label=$1 log=$2
  shift 2
  with_progress "$label" "$log" build_steps \
    swift build --package-path "$ROOT" --explicit-target-dependency-import-check error "$@" && return 0
  say "The build failed:"
  grep -E '(^|[ :])(error|fatal error): ' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
  say "All of its output is in ${log#"$ROOT/"}."
  return 1
}

build_steps() {
  local steps
  steps=$(tail -c 4000 "$1" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1) || steps=
  steps=${steps//[\[\]]/}
  if [[ -n $steps ]]; then echo "step ${steps/\// of }"; else echo "resolving packages"; fi
}
