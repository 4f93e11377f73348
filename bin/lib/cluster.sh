# Private PostgreSQL clusters, made from the system's PostgreSQL programs. A cluster is its home: a directory only its
# server's user may enter, with data/, log and the socket in it. There is no TCP, and entering the directory is the
# whole authentication, so pg_hba says trust. What a home is for (demo or test) is the caller's business.
# shellcheck shell=bash

PG_VERSIONS=/usr/lib/postgresql
PG_OLDEST=15
# With no TCP listener this number only names the socket file, so every cluster may have the same one.
PG_PORT=5432
# A socket address holds 107 bytes.
SOCKET_PATH_LIMIT=100

# A new empty home under .local/, or under /tmp where the server could not have its socket there. Prints it.
new_cluster_home() {
  local prefix=$1 home
  home=$(mktemp -d "$(cluster_parent "$prefix")/$prefix.XXXXXX")
  # A copied checkout brings .local/ along; the note tells it that the home is another's.
  printf '%s\n' "$ROOT" >"$home/checkout"
  if ((EUID == 0)); then chown -R postgres: "$home"; fi
  echo "$home"
}

cluster_parent() {
  local socket="$STATE/$1.XXXXXX/.s.PGSQL.$PG_PORT"
  # Letters that neither a connection string nor unix_socket_directories would need quoted.
  if [[ $socket =~ ^[A-Za-z0-9._/+-]+$ ]] && ((${#socket} <= SOCKET_PATH_LIMIT)) && server_can_enter "$STATE"; then
    echo "$STATE"
  else
    echo /tmp
  fi
}

server_can_enter() {
  if ((EUID == 0)); then (cd / && runuser -u postgres -- test -x "$1"); else test -x "$1"; fi
}

# Makes the data directory, aside first, so that an interrupted start leaves no half of one. $2 is `durable`, or
# `disposable` for a cluster that nobody will miss after a crash.
init_cluster() {
  local home=$1 durability=$2 bin
  bin=$(postgres_bin) || exit 1
  as_server "$home" rm -rf "$home/data.new"
  as_server "$home" "$bin/initdb" --pgdata="$home/data.new" --username=postgres \
    --auth-local=trust --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$LOGS/initdb.log" 2>&1 \
    || { cat "$LOGS/initdb.log" >&2; fail "PostgreSQL could not make a cluster in $home."; }
  cluster_settings "$durability" | as_server "$home" tee -a "$home/data.new/postgresql.conf" >/dev/null
  as_server "$home" mv "$home/data.new" "$home/data"
}

cluster_settings() {
  cat <<'CONF'
listen_addresses = ''
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  # Each of the tests that run at once has pools of its own.
  if [[ $1 == disposable ]]; then
    cat <<'CONF'
max_connections = 600
fsync = off
full_page_writes = off
synchronous_commit = off
CONF
  else
    echo 'max_connections = 120'
  fi
}

# Starts the cluster unless it runs, and returns when it answers.
start_cluster() {
  local home=$1 durability=$2 bin
  if ! as_server "$home" test -d "$home/data"; then init_cluster "$home" "$durability"; fi
  if cluster_answers "$home"; then return 0; fi
  bin=$(postgres_bin "$home") || exit 1
  as_server "$home" "$bin/pg_ctl" start --silent --wait --timeout=120 --pgdata="$home/data" \
    --log="$home/log" --options="-k $home -p $PG_PORT" >"$LOGS/pg_ctl.log" 2>&1 \
    || {
      cat "$LOGS/pg_ctl.log" >&2
      as_server "$home" tail -n 20 "$home/log" >&2 || true
      fail "PostgreSQL did not start; its log is $home/log."
    }
}

cluster_answers() {
  local bin
  bin=$(postgres_bin "$1") || exit 1
  "$bin/pg_isready" --quiet --host="$1" --port="$PG_PORT"
}

# $2 is `fast`, which keeps everything, or `immediate`, for a cluster that is thrown away.
stop_cluster() {
  local home=$1 mode=$2 bin
  as_server "$home" test -f "$home/data/postmaster.pid" || return 0
  bin=$(postgres_bin "$home") || return 1
  as_server "$home" "$bin/pg_ctl" stop --silent --wait --timeout=60 --mode="$mode" \
    --pgdata="$home/data" >"$LOGS/pg_ctl.log" 2>&1 || cat "$LOGS/pg_ctl.log" >&2
}

# $2 is `fast`, or `immediate`, which is a crash: the server recovers from its log as it starts.
restart_cluster() {
  local home=$1 mode=$2 bin
  bin=$(postgres_bin "$home") || return 1
  as_server "$home" "$bin/pg_ctl" restart --silent --wait --timeout=60 --mode="$mode" --pgdata="$home/data" \
    --log="$home/log" >"$LOGS/pg_ctl.log" 2>&1 || { cat "$LOGS/pg_ctl.log" >&2; return 1; }
}

drop_cluster() {
  stop_cluster "$1" immediate || true
  rm -rf "$1"
}

# psql as the cluster's superuser: cluster_psql HOME DATABASE [ARGUMENTS…].
cluster_psql() {
  local home=$1 database=$2 bin
  shift 2
  bin=$(postgres_bin "$home") || exit 1
  PGOPTIONS=--client-min-messages=warning "$bin/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
    --host="$home" --port="$PG_PORT" --username=postgres --dbname="$database" "$@"
}

# The programs of the newest installed PostgreSQL or, once a home has data, of the version that made it.
postgres_bin() {
  local home=${1:-} program version newest=0
  if [[ -n $home ]] && version=$(as_server "$home" cat "$home/data/PG_VERSION" 2>/dev/null); then
    [[ -x $PG_VERSIONS/$version/bin/postgres ]] \
      || fail "The cluster in $home needs PostgreSQL $version. Install that, or start anew: bin/demo --reset"
    echo "$PG_VERSIONS/$version/bin"
    return 0
  fi
  for program in "$PG_VERSIONS"/*/bin/postgres; do
    version=${program#"$PG_VERSIONS/"}
    version=${version%%/*}
    if [[ -x $program && $version =~ ^[0-9]+$ ]] && ((version > newest)); then newest=$version; fi
  done
  ((newest >= PG_OLDEST)) || fail "No PostgreSQL $PG_OLDEST or newer in $PG_VERSIONS. bin/setup installs one."
  echo "$PG_VERSIONS/$newest/bin"
}

# Runs a command as the user who owns the home. PostgreSQL refuses to run as root, so root hands over to that user;
# anybody else is that user. From / because the caller's directory may be closed to it, and without the lock of
# descriptor 9, which a server would otherwise hold for as long as it runs.
as_server() {
  local home=$1 owner
  shift
  if ((EUID == 0)); then
    owner=$(stat -c %U "$home")
    if [[ $owner == root ]]; then owner=postgres; fi
    (cd / && exec runuser -u "$owner" -- "$@" 9>&-)
  else
    (cd / && exec "$@" 9>&-)
  fi
}
