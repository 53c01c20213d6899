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
  redis-server "$config" 9>&- &
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

wait_with() {
  announce "$1"
  say "$2"
  sleep 1
}

# Two servers on one claim lose the writes of both: a pod that was deleted by force may still run. The lock is that of the
# server, which keeps the open file.
take_claim() {
  exec 9> "$data/lock"
  code=0
  flock -n 9 || code=$?
  [ "$code" != 1 ] || return 1
  if [ "$code" != 0 ]; then echo "the claim cannot be locked here: make sure that no two pods use it" >&2; fi
}

# Sets `reason` to what keeps a primary with an empty claim from taking a new id.
ask_others() {
  reason=
  other=1
  while [ "$other" -lt "$replicas" ]; do
    announce empty
    shown=$(shown_by "$name-$other")
    [ "$shown" = empty ] || reason="$reason${reason:+, }$(in_words "$name-$other" "$shown")"
    other=$((other + 1))
  done
}

# Binds the empty claim to data set $1.
begin() {
  is_id "$1" || { echo "no id of a data set: '$1'" >&2; exit 1; }
  write_file "$data/joining" "$1"
  rm -f "$data/dataset"
}

begin_new() {
  begin "$1"
  echo "a new data set begins: $1"
}

until take_claim; do wait_with locked 'another process holds the claim'; done
while state=$(claim_state); do
  # what a person said by identify.sh, to this pod
  by_hand=$(id_in "$runtime/by-hand")
  case $state/$ordinal in
    dataset-* | joining-*) break ;;
    empty/0)
      ask_others
      if [ -n "$by_hand" ]; then begin_new "$by_hand"
      elif [ -z "$reason" ]; then begin_new "$(new_id)"
      else wait_with "$state" "the claim is empty, and $reason"; continue; fi
      state=joining-$(id_in "$data/joining")
      break ;;
    empty/*)
      announce "$state"
      shown=$(shown_by "$primary")
      case $shown in
        dataset-*) begin "${shown#dataset-}"; state=joining-${shown#dataset-}; break ;;
        *) wait_with "$state" "$(in_words "$primary" "$shown")" ;;
      esac ;;
    unidentified/*)
      if [ -n "$by_hand" ]; then write_file "$data/dataset" "$by_hand"; continue; fi
      wait_with "$state" "the claim holds data, and no id in $data/dataset" ;;
    *) wait_with "$state" "$(in_words "$member" "$state")" ;;
  esac
done
stop_announcing

# it counts once
rm -f "$runtime/by-hand"
# what a server left that was stopped while it wrote
rm -f "$data"/appendonlydir/temp-*
dataset=${state#*-}
# the source of a data set has it complete
if [ "$ordinal" = 0 ]; then state=dataset-$dataset; fi
config_of "$state"
{
  echo "include $scripts/redis.conf"
  user default '~* &* +@all -psync -sync -replicaof -slaveof -failover'
  user "$dataset" 'resetkeys -@all +psync +sync +replconf +ping'
  if [ "$ordinal" != 0 ]; then
    printf 'masteruser %s\nmasterauth %s\n' "$dataset" "$(quoted "$password")"
    echo "replicaof $(address_of "$primary") $port"
  fi
} > "$config"
exec redis-server "$config"
