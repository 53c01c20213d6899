#!/bin/sh
# Starts a cache with a password, which is in a file of mode 0600 in memory, and never an argument (DX-32).
set -eu
umask 077
# shellcheck source=password.sh
. /opt/redis/password.sh

config=/run/redis/redis.conf
{
  echo 'include /opt/redis/redis.conf'
  user default "$(cat /opt/redis/commands)"
} > "$config"
exec redis-server "$config"
