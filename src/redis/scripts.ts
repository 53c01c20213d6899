/** What the scripts of a Redis know of their surroundings. */
export interface RedisLayout {
  /** Name of the StatefulSet. */
  readonly name: string;
  /** Name of the governing Service. */
  readonly members: string;
  readonly replicas: number;
}

export const PORT = 6379;
/** Scripts and static configuration, from the ConfigMap. */
export const SCRIPTS = '/opt/redis';
/** Configuration with the password, in memory. */
export const RUNTIME = '/run/redis';
/** The claim. */
export const DATA = '/data';
export const SECRET = '/var/run/secrets/redis';
export const PASSWORD_FILE = `${SECRET}/password`;

// read fails for a last line without end, and succeeds for an empty one, which would turn the password off
const READ_PASSWORD = `IFS= read -r password < ${PASSWORD_FILE} || true
: "\${password:?the Secret holds none}"`;

/**
 * Starts one member. POSIX sh, as the image need not have bash (DX-06); names come from the objects (DX-31).
 *
 * - The password is in a file of mode 0600 in memory, and never an argument: arguments can be read by any process of
 *   the node's process list (DX-32).
 * - The first start on an empty claim gives the data set an id, kept on the claim. A running member shows the id in
 *   the name of its configuration file (INFO server), so that members recognize each other's data set.
 * - A primary that has lost its claim would wipe all replicas, as they copy what it has: nothing. So it refuses to
 *   start while a replica has a data set, and a replica refuses to follow a primary with another one.
 */
export function launchScript({ name, members, replicas }: RedisLayout): string {
  return `#!/bin/sh
set -eu
umask 077
${READ_PASSWORD}

# the id of the data set that host $1 serves; nothing when it does not answer
dataset_of() {
  REDISCLI_AUTH=$password timeout 3 redis-cli -h "$1" -p ${PORT} info server 2>/dev/null | while IFS= read -r line; do
    case $line in config_file:${RUNTIME}/dataset-*.conf*)
      line=\${line#*/dataset-}
      echo "\${line%%.conf*}" ;;
    esac
  done
}

# $1 with \\ before each " and \\, as redis.conf wants it between quotes
quoted() {
  rest=$1
  while [ -n "$rest" ]; do
    first=\${rest%"\${rest#?}"}
    rest=\${rest#?}
    case $first in '"' | '\\') printf '\\\\' ;; esac
    printf '%s' "$first"
  done
}

refuse() {
  echo "refusing to start: $1" >&2
  exit 1
}

ordinal=\${HOSTNAME##*-}
primary=${name}-0.${members}
dataset=
if [ -s ${DATA}/dataset ]; then read -r dataset < ${DATA}/dataset; fi

if [ "$ordinal" = 0 ]; then
  if [ -z "$dataset" ]; then
    if [ ! -d ${DATA}/appendonlydir ]; then
      other=1
      while [ "$other" -lt ${replicas} ]; do
        if [ -n "$(dataset_of "${name}-$other.${members}")" ]; then
          refuse "the claim of the primary is empty, but ${name}-$other holds data and would copy the emptiness"
        fi
        other=$((other + 1))
      done
    fi
    read -r dataset < /proc/sys/kernel/random/uuid
    echo "$dataset" > ${DATA}/dataset
  fi
else
  theirs=$(dataset_of "$primary")
  if [ -z "$dataset" ]; then
    while [ -z "$theirs" ]; do
      echo "waiting for $primary"
      sleep 1
      theirs=$(dataset_of "$primary")
    done
    dataset=$theirs
    echo "$dataset" > ${DATA}/dataset
  elif [ -n "$theirs" ] && [ "$theirs" != "$dataset" ]; then
    refuse "$primary serves another data set than this claim holds, and following it would delete this one"
  fi
fi

config=${RUNTIME}/dataset-$dataset.conf
secret=$(quoted "$password")
{
  echo 'include ${SCRIPTS}/redis.conf'
  printf 'requirepass "%s"\\nmasterauth "%s"\\n' "$secret" "$secret"
  if [ "$ordinal" != 0 ]; then echo "replicaof $primary ${PORT}"; fi
} > "$config"
exec redis-server "$config"
`;
}

/** PONG with the password, and on a replica a live link to the primary. The exit code of redis-cli says neither. */
export function readyScript(): string {
  return `#!/bin/sh
set -eu
${READ_PASSWORD}
export REDISCLI_AUTH="$password"
[ "$(redis-cli -p ${PORT} ping 2>&1)" = PONG ]
if [ "\${HOSTNAME##*-}" != 0 ]; then
  case $(redis-cli -p ${PORT} info replication) in
    *master_link_status:up*) ;;
    *) exit 1 ;;
  esac
fi
`;
}

/** Any answer will do: LOADING, NOAUTH or a lost link do not get better by a restart. */
export function aliveScript(): string {
  return `#!/bin/sh
case $(redis-cli -p ${PORT} ping 2>&1) in
  '' | *'Could not connect'* | *'Connection reset'* | *'closed the connection'*) exit 1 ;;
esac
`;
}

export interface RedisConfigSettings {
  readonly maxMemoryBytes: number;
  readonly evictionPolicy: string;
  readonly fsync: string;
  readonly extra: Record<string, string>;
}

export function redisConf({ maxMemoryBytes, evictionPolicy, fsync, extra }: RedisConfigSettings): string {
  const directives: Array<[string, string]> = [
    ['port', String(PORT)],
    ['bind', '* -::*'],
    // the password takes its place
    ['protected-mode', 'no'],
    ['dir', DATA],
    ['appendonly', 'yes'],
    ['appendfsync', fsync],
    // the append-only file is the data; snapshots beside it would only be a second, older copy
    ['save', '""'],
    ['maxmemory', String(maxMemoryBytes)],
    ['maxmemory-policy', evictionPolicy],
    ['tcp-keepalive', '60'],
    // by default, a replica would wait 60 s for an address that its primary has left
    ['repl-ping-replica-period', '5'],
    ['repl-timeout', '20'],
    ...Object.entries(extra).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return directives.map(([name, value]) => `${name} ${value}\n`).join('');
}

/** Directives that the block sets itself, or that would undo what it promises, with their older and newer names. */
export const OWN_DIRECTIVES = [
  'port', 'bind', 'protected-mode', 'dir', 'appendonly', 'appendfsync', 'appenddirname', 'appendfilename', 'save',
  'maxmemory', 'maxmemory-policy', 'requirepass', 'masterauth', 'primaryauth', 'masteruser', 'primaryuser', 'replicaof', 'slaveof', 'include',
  'unixsocket', 'daemonize', 'pidfile', 'aclfile', 'user', 'cluster-enabled', 'rename-command',
  'replica-read-only', 'slave-read-only', 'replica-serve-stale-data', 'slave-serve-stale-data', 'no-appendfsync-on-rewrite', 'loadmodule',
];

/** Directives whose value is a password, such as `tls-key-file-pass`: it would be in the YAML. */
const PASSWORD_DIRECTIVE = /(pass|auth)$/;

/** Whether the caller may write a directive into redis.conf. */
export function isFreeDirective(name: string): boolean {
  return /^[a-z][a-z-]*$/.test(name) && !OWN_DIRECTIVES.includes(name) && !PASSWORD_DIRECTIVE.test(name);
}
