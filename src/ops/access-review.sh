#!/bin/sh
# Checks that each subject has the rights that the app states, and no others.
set -u
total=@total@
failed=0
unserved=0
newline='
'

# expects WANTED ARGUMENTS...
expects() {
  wanted=$1
  shift
  got=$(kubectl auth can-i "$@" 2>&1)
  case $got in
    # kubectl then asks about another resource, and the answer is always no
    *"doesn't have a resource type"*) unserved=$((unserved + 1)); return ;;
  esac
  # warnings precede the answer
  case ${got##*"$newline"} in
    yes*) got=yes ;;
    no*) got=no ;;
    *) got="no answer" ;;
  esac
  [ "$got" = "$wanted" ] && return
  failed=$((failed + 1))
  printf '%s, expected %s: kubectl auth can-i %s\n' "$got" "$wanted" "$*"
}

@questions@
if [ "$failed" -gt 0 ]; then
  echo "$failed of $total answers differ" >&2
  exit 1
fi
echo "$((total - unserved)) answers as expected"
[ "$unserved" -eq 0 ] || echo "$unserved questions about APIs that the cluster does not serve"
