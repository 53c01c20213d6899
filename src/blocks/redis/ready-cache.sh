#!/bin/sh
# Ready is a cache that answers. What is missing goes to the output, which is in the events of the pod.
set -eu

fail() {
  echo "$1"
  exit 1
}

# a cache without a password has no such file
if [ -e /opt/redis/password.sh ]; then
  # shellcheck source=password.sh
  . /opt/redis/password.sh
  answer=$(ask 127.0.0.1 ping)
else
  answer=$(timeout 2 redis-cli -p 6379 ping 2>&1) || true
fi
case $answer in
  PONG) ;;
  *WRONGPASS*) fail 'the server does not know the password that the Secret holds now' ;;
  *) fail 'the server does not answer' ;;
esac
