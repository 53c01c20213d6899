# shellcheck shell=sh
# What the scripts of a member share. They read it with `.`.
#
# The claim has the data, and in one of two files the id of the data set, a UUID:
#   dataset  the data are complete
#   joining  the claim was empty when it began with that data set, and nobody has seen the data complete yet
# A member shows the state of its claim by the name of its configuration file, which INFO tells.

data=/data
runtime=/run/redis
scripts=/opt/redis

# of the StatefulSet, of its governing Service, and the number of members
# shellcheck disable=SC2034 # used by those that read this file
name='' members='' replicas=''
# shellcheck source=/dev/null
. "$scripts/layout.sh"

# shellcheck disable=SC3028 # the container runtime sets it
member=$HOSTNAME
# shellcheck disable=SC2034
ordinal=${member##*-}
# shellcheck disable=SC2034
primary=$name-0

# shellcheck source=password.sh
. "$scripts/password.sh"

# the first search domain of a pod is that of its namespace
domain=
while read -r keyword first _ || [ -n "$keyword" ]; do
  case $keyword/$first in search/*.svc.*) domain=.${first%.} ;; esac
done < /etc/resolv.conf

# The whole name of member $1: the dot at the end spares the search domains, of which each is a lookup.
address_of() {
  echo "$1.$members${domain:+$domain.}"
}

# The folder of a member's configuration file: another Redis that got the address of $1 answers with another folder.
folder_of() {
  echo "$runtime/$1$domain"
}

is_id() {
  case $1 in
    *[!0-9a-f-]*) return 1 ;;
    ????????-????-????-????-????????????) ;;
    *) return 1 ;;
  esac
}

# The id in file $1. None in one that was emptied or cut.
id_in() {
  held=
  if [ -e "$1" ]; then IFS= read -r held < "$1" || true; fi
  if is_id "$held"; then echo "$held"; fi
}

new_id() {
  cat /proc/sys/kernel/random/uuid
}

# Writes $2 into $1. After a crash at any point, $1 is the old file or the new one.
write_file() {
  if echo "$2" > "$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "${1%/*}"; then return; fi
  echo "cannot write $1" >&2
  exit 1
}

manifest=$data/appendonlydir/appendonly.aof.manifest

# A file that cannot be read is no missing one.
is_readable() {
  ls "$data" > /dev/null 2>&1 || return 1
  [ ! -e "$data/appendonlydir" ] || ls "$data/appendonlydir" > /dev/null 2>&1 || return 1
  for file in "$data/dataset" "$data/joining"; do
    [ ! -e "$file" ] || cat "$file" > /dev/null 2>&1 || return 1
  done
}

has_data() {
  for file in "$data"/appendonlydir/* "$data"/*.aof "$data"/*.rdb; do
    [ ! -e "$file" ] || return 0
  done
  return 1
}

# One of
#   dataset-ID, joining-ID
#   empty         there are no data: a server that was stopped before its first manifest was written leaves none
#   unidentified  nobody can tell of which data set the data are
#   broken        there are data without their manifest: Redis would ignore them, and start empty
#   copying       a copy by the guide that is not complete
#   unreadable
claim_state() {
  if ! is_readable; then echo unreadable; return; fi
  if [ -e "$data/copying" ]; then echo copying; return; fi
  dataset=$(id_in "$data/dataset")
  joining=$(id_in "$data/joining")
  # a damaged id is no missing one
  if [ -e "$data/dataset" ]; then joining=; fi
  if [ -e "$manifest" ]; then
    if [ -n "$dataset" ]; then echo "dataset-$dataset"
    elif [ -n "$joining" ]; then echo "joining-$joining"
    else echo unidentified; fi
  elif has_data && [ -z "$joining" ]; then echo broken
  else echo empty; fi
}

# What the answer $2 of member $1 to INFO shows of its claim, as claim_state; else wrong-password or silent.
shown_in() {
  shown=${2#*config_file:"$(folder_of "$1")"/}
  case $2 in
    "$shown")
      case $2 in
        *WRONGPASS* | *NOAUTH*) echo wrong-password ;;
        *) echo silent ;;
      esac ;;
    *) echo "${shown%%.conf*}" ;;
  esac
}

# What member $1 shows of its claim.
shown_by() {
  shown_in "$1" "$(ask "$(address_of "$1")" info server)"
}

# What $2, shown by member $1, means to a person.
in_words() {
  case $2 in
    dataset-*) echo "$1 holds data set ${2#dataset-}" ;;
    joining-*) echo "$1 holds data set ${2#joining-}, or a part of it" ;;
    empty) echo "the claim of $1 is empty" ;;
    unidentified) echo "$1 holds data without an id" ;;
    broken) echo "$1 holds append-only files without their manifest" ;;
    copying) echo "$1 holds a copy that is not complete" ;;
    unreadable) echo "the claim of $1 cannot be read" ;;
    locked) echo "another process holds the claim of $1" ;;
    wrong-password) echo "$1 refuses the password" ;;
    *) echo "$1 does not answer" ;;
  esac
}
