#!/bin/sh
# Ready is a primary that has loaded its data, and a replica that is linked to it and has its data complete. What is
# missing goes to the output, which is in the events of the pod.
set -eu
# shellcheck source=member.sh
. /opt/redis/member.sh

fail() {
  echo "$1"
  exit 1
}

incomplete() {
  fail 'the append-only file is not complete'
}

info=$(ask 127.0.0.1 info server replication persistence)
state=$(shown_in "$member" "$info")
case $state in
  dataset-* | joining-*) ;;
  silent) fail 'the server does not answer' ;;
  wrong-password) fail 'the server does not know the password that the Secret holds now' ;;
  *) fail 'the member waits: see its log' ;;
esac
dataset=${state#*-}
case $info in *loading:1*) fail 'the data are loading' ;; esac
case $info in *aof_enabled:1*) ;; *) fail 'a client turned the append-only file off: restart the member' ;; esac

if [ "$ordinal" = 0 ]; then
  case $info in *role:master*) ;; *) fail 'a client made the primary a replica: restart the member' ;; esac
else
  case $info in *role:slave*) ;; *) fail 'a client made the replica a primary: restart the member' ;; esac
  case $info in
    *master_link_status:up*) ;;
    *)
      shown=$(shown_by "$primary")
      case $shown in
        "dataset-$dataset") fail "no link to $primary yet" ;;
        dataset-*) fail "$(in_words "$primary" "$shown"), and this claim $dataset: following it would delete this one" ;;
        *) fail "no link: $(in_words "$primary" "$shown")" ;;
      esac ;;
  esac
  # After each copy, the first append-only file is written anew, and a restart would find the state before. Until then what
  # the primary sends goes to a file of this name, which an ordinary rewrite does not have.
  if [ -e "$data/appendonlydir/temp-appendonly.aof.incr" ]; then incomplete; fi
  case $info in *aof_rewrite_scheduled:0*) ;; *) incomplete ;; esac
fi

if [ -e "$data/joining" ]; then
  case $info in *aof_rewrite_in_progress:0*aof_last_bgrewrite_status:ok*) ;; *) incomplete ;; esac
  [ -n "$(id_in "$data/dataset")" ] || write_file "$data/dataset" "$dataset"
  rm "$data/joining"
fi

# the copy as a replica received it: nobody reads it again
if [ "$ordinal" != 0 ]; then rm -f "$data/dump.rdb"; fi
