#!/bin/sh
# For a person: tells a waiting member which data set its claim is.
#   sh /opt/redis/identify.sh new   a new data set. Replicas that hold another one do not follow it, and keep theirs.
#   sh /opt/redis/identify.sh ID    the data set ID, where the claim holds data without an id
set -eu
umask 077
# shellcheck source=member.sh
. /opt/redis/member.sh

refuse() {
  echo "$1" >&2
  exit 1
}

state=$(claim_state)
id=${1:-}
case $state in
  empty)
    # with the id of the replicas, it would wipe them
    [ "$id" = new ] || refuse 'the claim is empty: only a new data set can begin here: identify.sh new'
    [ "$ordinal" = 0 ] || refuse "$member copies the data set of $primary, and waits for it" ;;
  unidentified) [ -n "$id" ] || refuse 'which data set? identify.sh ID, or identify.sh new' ;;
  broken) refuse "Redis would start without the data: restore the manifest, or delete claim and pod" ;;
  copying) refuse "a copy broke off: delete claim and pod, and copy again" ;;
  *) refuse "$(in_words "$member" "$state")" ;;
esac
if [ "$id" = new ]; then id=$(new_id); fi
is_id "$id" || refuse "the id of a data set is a UUID as the members show it, such as $(new_id)"
write_file "$runtime/by-hand" "$id"
echo "$member starts as data set $id"
