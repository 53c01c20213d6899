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

info=$(ask 127.0.0.1 info server replication persistence)
state=$(shown_in "$member" "$info")
case $state in
  dataset-* | joining-*) ;;
  silent) fail 'the server does not answer' ;;
  *) fail 'the member waits: see its log' ;;
esac
dataset=${state#*-}
case $info in *loading:1*) fail 'the data are loading' ;; esac

if [ "$ordinal" != 0 ]; then
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
fi

if [ -e "$data/joining" ]; then
  # until the first file is complete, a restart would find none of what was copied
  case $info in
    *aof_rewrite_in_progress:0*aof_rewrite_scheduled:0*aof_last_bgrewrite_status:ok*) ;;
    *) fail 'the first append-only file is not complete' ;;
  esac
  [ -n "$(id_in "$data/dataset")" ] || write_file "$data/dataset" "$dataset"
  rm "$data/joining"
fi
