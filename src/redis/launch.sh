#!/bin/sh
# Starts one member. POSIX sh, as the image need not have bash (DX-06); names come from the objects (DX-31).
#
# - The password is in a file of mode 0600 in memory, and never an argument: arguments can be read by any process of
#   the node's process list (DX-32).
# - A replica copies whatever its primary has. So the user for replication is named by the id of the data set: a
#   primary with another data set, or none, does not know it, and refuses the replica at each connection.
# - A claim gets a new id only when every other member has said that its claim is empty. Silence says nothing.
set -eu
umask 077
# shellcheck source=member.sh
. /opt/redis/member.sh

# $1 between quotes as redis.conf wants it, with \ before each " and \
quoted() {
  rest=$1
  printf '"'
  while [ -n "$rest" ]; do
    first=${rest%"${rest#?}"}
    rest=${rest#?}
    # shellcheck disable=SC1003 # a backslash
    case $first in '"' | '\') printf '\\' ;; esac
    printf '%s' "$first"
  done
  printf '"'
}

# Line of redis.conf for user $1 with all passwords and the rules $2.
user() {
  printf 'user %s on %s' "$1" "$(quoted ">$password")"
  if [ -n "$other_password" ]; then printf ' %s' "$(quoted ">$other_password")"; fi
  printf ' %s\n' "$2"
}

# Sets `config` to the file that shows state $1.
config=
config_of() {
  mkdir -p "$(folder_of "$member")"
  config=$(folder_of "$member")/$1.conf
}

# While a member waits, a server without data shows the state of its claim ($1), and answers the probes.
announcer=
announced=
announce() {
  [ "$announced" != "$1" ] || return 0
  stop_announcing
  config_of "$1"
  {
    printf 'port %s\nbind * -::*\nprotected-mode no\ndir %s\nsave ""\nloglevel warning\n' "$port" "$runtime"
    user default 'resetkeys -@all +auth +hello +ping +info'
  } > "$config"
  redis-server "$config" &
  announcer=$!
  announced=$1
}
stop_announcing() {
  [ -n "$announcer" ] || return 0
  kill "$announcer" 2> /dev/null || true
  wait "$announcer" || true
  announcer=
}
# nothing else ends the first process of a container
trap 'stop_announcing; exit 143' TERM INT

said=
say() {
  [ "$said" != "$1" ] || return 0
  said=$1
  echo "waiting: $1"
}

# Sets `state` when a primary with an empty claim may take a new id, `reason` otherwise.
take_new_id() {
  reason=
  other=1
  while [ "$other" -lt "$replicas" ]; do
    shown=$(shown_by "$name-$other")
    [ "$shown" = empty ] || reason="$reason${reason:+, }$(in_words "$name-$other" "$shown")"
    other=$((other + 1))
  done
  if [ -z "$reason" ]; then begin "$(new_id)"; else reason="the claim is empty, and $reason"; fi
}

# Sets `state` when the primary of a replica with an empty claim shows its data set, `reason` otherwise.
join_primary() {
  shown=$(shown_by "$primary")
  case $shown in
    dataset-*) begin "${shown#dataset-}" ;;
    *) reason=$(in_words "$primary" "$shown") ;;
  esac
}

# Binds the empty claim to data set $1.
begin() {
  rm -f "$data/dataset"
  write_file "$data/joining" "$1"
  state=joining-$1
}

# What a person said by identify.sh, to this pod.
obey_hand() {
  by_hand=$(id_in "$runtime/by-hand")
  [ -n "$by_hand" ] || return 1
  if [ "$state" = empty ]; then begin "$by_hand"; else write_file "$data/dataset" "$by_hand"; fi
  state=dataset-$by_hand
}

state=$(claim_state)
reason=
until case $state in dataset-* | joining-*) true ;; *) obey_hand ;; esac; do
  case $state/$ordinal in
    empty/0) take_new_id ;;
    empty/*) join_primary ;;
    unidentified/*) reason="the claim holds data, and no id in $data/dataset" ;;
    *) reason='the claim holds append-only files without their manifest' ;;
  esac
  case $state in
    joining-*) ;;
    *)
      announce "$state"
      say "$reason"
      sleep 1 ;;
  esac
done
stop_announcing

# what a server left that was stopped while it wrote
rm -f "$data"/appendonlydir/temp-*
dataset=${state#*-}
# the source of a data set has it complete
if [ "$ordinal" = 0 ]; then state=dataset-$dataset; fi
config_of "$state"
{
  echo "include $scripts/redis.conf"
  user default '~* &* +@all -psync -sync'
  user "$dataset" 'resetkeys -@all +psync +sync +replconf +ping'
  if [ "$ordinal" != 0 ]; then
    printf 'masteruser %s\nmasterauth %s\n' "$dataset" "$(quoted "$password")"
    echo "replicaof $(address_of "$primary") $port"
  fi
} > "$config"
exec redis-server "$config"
