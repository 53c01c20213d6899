# shellcheck shell=sh
# The passwords of a server, for its configuration and for redis-cli. Scripts read it with `.`.

secrets=/var/run/secrets
port=6379

# read fails for a last line without end, and succeeds for an empty one, which would turn the password off
IFS= read -r password < "$secrets/redis/password" || true
: "${password:?the Secret holds none}"
other_password=
if [ -e "$secrets/redis-other/password" ]; then
  IFS= read -r other_password < "$secrets/redis-other/password" || true
  : "${other_password:?the other Secret holds none}"
fi

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

# Asks host $1 as the user `default`. An exit code of redis-cli says nothing: errors are answers, too.
ask() {
  host=$1
  shift
  REDISCLI_AUTH=$password timeout 2 redis-cli -h "$host" -p "$port" "$@" 2>&1 || true
}
