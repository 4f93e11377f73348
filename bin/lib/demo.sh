# The demo of this checkout: its cluster, which is kept between runs, and the settings its programs run with.
# shellcheck shell=bash
# The commands that source this use the variables.
# shellcheck disable=SC2034

DEMO_DATABASE=ethico
DEMO_PID=$STATE/demo.pid
SERVER_PID=$STATE/server.pid
SERVER_LOG=$LOGS/server.log
CONSOLE=$ROOT/.build/release/ops-console

# The home recorded in .local/cluster, if it is there and belongs to this checkout and not to one it was copied from.
demo_home() {
  local home
  [[ -r $STATE/cluster ]] && home=$(<"$STATE/cluster") || return 1
  [[ -d $home && $(as_server "$home" cat "$home/checkout" 2>/dev/null) == "$ROOT" ]] && echo "$home"
}

# Starts the demo's cluster, made anew where there is none, and prints its home. One start at a time.
start_demo_cluster() (
  exec 9>"$STATE/cluster.lock"
  flock -w 180 9 || fail "Another command has been starting the database for three minutes."
  if ! home=$(demo_home); then
    home=$(new_cluster_home ethico)
    printf '%s\n' "$home" >"$STATE/cluster"
  fi
  start_cluster "$home" durable
  echo "$home"
)

# The demo's cluster for a command that needs one to exist, started if it is not running.
existing_demo_cluster() {
  local home
  home=$(demo_home) || fail "There is no demo database in this checkout yet. bin/demo makes it."
  if ! cluster_answers "$home"; then
    say "The demo's PostgreSQL was not running: starting it. It keeps running; bin/demo --stop stops it."
    start_demo_cluster >/dev/null
  fi
  echo "$home"
}

stop_demo_cluster() {
  local home
  if home=$(demo_home); then stop_cluster "$home" fast; fi
}

# Forgets everything the demo has stored, its keys included, but no build.
drop_demo() {
  local home
  if home=$(demo_home); then drop_cluster "$home"; fi
  rm -rf "$STATE/cluster" "$STATE/port" "$STATE"/{session,file}-key "$STATE"/ethico.* "$STATE/mail"
}

# The demo's key of that name, made once: it outlives the server, as what it sealed does.
demo_key() {
  local file=$STATE/$1-key
  if [[ ! -s $file ]]; then
    (umask 077 && od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' >"$file.new" && mv "$file.new" "$file")
  fi
  cat "$file"
}

# All settings of the program but its address, for the cluster at $1. The database is always the demo's, whatever the
# caller's environment says; anything else may be overridden from outside.
export_demo_settings() {
  local home=$1
  # shellcheck disable=SC2153 # The cluster's port, not ours.
  export OPS_DATABASE="host=$home port=$PG_PORT dbname=$DEMO_DATABASE"
  export OPS_ENV=${OPS_ENV:-demo}
  export OPS_DEMO=${OPS_DEMO:-1}
  export OPS_VPN_CIDRS=${OPS_VPN_CIDRS:-127.0.0.0/8}
  export OPS_TICKET_KEYS=${OPS_TICKET_KEYS:-z1:0123456789abcdef0123456789abcdef}
  export OPS_PUBLIC=${OPS_PUBLIC:-$ROOT/apps/ops-console/Public}
  export OPS_MIGRATIONS=${OPS_MIGRATIONS:-$ROOT/db/migrations}
  if [[ -z ${OPS_SESSION_KEY:-} ]]; then OPS_SESSION_KEY=$(demo_key session); fi
  export OPS_SESSION_KEY
  if [[ -z ${OPS_FILE_KEY:-} ]]; then OPS_FILE_KEY=$(demo_key file); fi
  export OPS_FILE_KEY
  export OPS_MAIL_RELAY=${OPS_MAIL_RELAY:-file://$STATE/mail}
  export OPS_MAIL_FROM=${OPS_MAIL_FROM:-Ethico <no-reply@ethico.example>}
  mkdir -p "$STATE/mail"
}

# Where the console answers: its port $1, and health at the one after it.
export_demo_address() {
  export OPS_PORT=$1
  export OPS_HEALTH_PORT=$(($1 + 1))
  export OPS_ORIGIN=${OPS_ORIGIN:-http://127.0.0.1:$1}
}

# The port asked for, or the one this demo had last.
wanted_port() {
  local port=${OPS_PORT:-}
  if [[ -z $port && -r $STATE/port ]]; then port=$(<"$STATE/port"); fi
  port=${port:-8400}
  if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || ((port >= 65535)); then fail "OPS_PORT is no port number: $port"; fi
  echo "$port"
}

# The first port from the wanted one on that is free together with the port after it, where health answers.
free_port() {
  local wanted port
  wanted=$(wanted_port)
  for ((port = wanted; port < wanted + 200 && port < 65535; port++)); do
    if port_is_free "$port" && port_is_free $((port + 1)); then
      echo "$port"
      return 0
    fi
  done
  fail "No free port between $wanted and $port."
}

port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
