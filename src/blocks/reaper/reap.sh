#!/bin/sh
# Deletes namespaces whose time is over.
set -eu

own=@namespace@
policy=@policy@
marked=@marked@
failed=0

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# complain NAMESPACE TEXT
complain() {
  printf '%s: %s\n' "$1" "$2" >&2
  failed=$((failed + 1))
}

# seconds_of TIME: seconds since 1970 in $seconds, or a failure. `date` reads other formats on each system.
seconds_of() {
  zone=0
  case $1 in
    [0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9])
      clock=$1T00:00:00 ;;
    [0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z)
      clock=${1%Z} ;;
    [0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9][+-][0-1][0-9]:[0-5][0-9])
      clock=${1%??????}
      offset=${1#"$clock"}
      zone_minutes=${offset#????}
      zone_hours=${offset#?}
      zone_hours=${zone_hours%???}
      # a 1 in front, as 08 is no octal number
      zone=$(((1$zone_hours - 100) * 3600 + (1$zone_minutes - 100) * 60))
      case $offset in -*) zone=-$zone ;; esac ;;
    *)
      return 1 ;;
  esac
  old_ifs=$IFS
  IFS=-T:
  # shellcheck disable=SC2086
  set -- $clock
  IFS=$old_ifs
  year=$((1$1 - 10000)) month=$((1$2 - 100)) day=$((1$3 - 100))
  if [ "$month" -lt 1 ] || [ "$month" -gt 12 ] || [ "$day" -lt 1 ] || [ "$day" -gt 31 ]; then return 1; fi
  # days since 1970 by the calendar, in years that begin in March
  if [ "$month" -le 2 ]; then
    year=$((year - 1)) month=$((month + 9))
  else
    month=$((month - 3))
  fi
  era=$((year / 400))
  of_era=$((year - era * 400))
  of_year=$(((153 * month + 2) / 5 + day - 1))
  days=$((era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468))
  seconds=$((days * 86400 + (1$4 - 100) * 3600 + (1$5 - 100) * 60 + (1$6 - 100) - zone))
}

if answer=$(kubectl delete namespace "$own" --dry-run=server --wait=false 2>&1); then
  fail "The policy $policy does not keep this account from deleting namespace $own: nothing is deleted"
fi
case $answer in
  *"ValidatingAdmissionPolicy '$policy' with binding '$policy' denied request"*) ;;
  *) fail "No answer of the policy $policy: $answer" ;;
esac

now=$(date -u +%s)
case $now in
  '' | *[!0-9]*) fail "No time: $now" ;;
esac

list=$(kubectl get namespaces --selector="$marked" --output=go-template=@list@)
while read -r name uid version created ttl expires; do
  [ -n "$name" ] || continue
  # urlquery has made one word of each annotation
  expires=$(printf '%s' "$expires" | sed 's/%3A/:/g; s/%2B/+/g')
  end=0
  case $ttl in
    -) ;;
    [1-9]h | [1-9][0-9]h | [1-9][0-9][0-9]h | [1-9][0-9][0-9][0-9]h)
      if seconds_of "$created"; then
        end=$((seconds + ${ttl%h} * 3600))
      else
        complain "$name" "cannot read its creation, $created"
        continue
      fi ;;
    *)
      complain "$name" "cannot read its @ttlAnnotation@, $ttl"
      continue ;;
  esac
  if [ "$expires" != - ]; then
    if seconds_of "$expires"; then
      # of two ends, the later one
      if [ "$seconds" -gt "$end" ]; then end=$seconds; fi
    else
      complain "$name" "cannot read its @expiresAtAnnotation@, $expires"
      continue
    fi
  fi
  if [ "$end" -eq 0 ]; then
    complain "$name" "is marked, but has neither @ttlAnnotation@ nor @expiresAtAnnotation@"
  elif [ "$now" -ge "$end" ]; then
    # of this name, the object that was read, and unchanged
    if printf '{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"%s","resourceVersion":"%s"}}' "$uid" "$version" \
      | kubectl delete --raw "/api/v1/namespaces/$name" --filename=- > /dev/null; then
      printf '%s: deleted\n' "$name"
    else
      complain "$name" 'not deleted'
    fi
  fi
done <<END
$list
END
[ "$failed" -eq 0 ]
