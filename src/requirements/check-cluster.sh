#!/bin/sh
# Checks that the cluster of the current context holds what an app presumes. It only reads.
# Exit status: 0 all that can be checked is there, 1 something is missing, 2 kubectl gives no answer.
# The checks at the end call the functions, and templates are for kubectl.
# shellcheck disable=SC2016,SC2317,SC2329
set -u
total=@total@
readSecrets=@readSecrets@
missing=0
unanswered=0
unchecked=0
newline='
'

# ask ARGUMENTS...: sets $answer. Returns 1 if there is no such object or API, 2 if kubectl cannot tell.
ask() {
  answer=$(kubectl --request-timeout=20s "$@" 2>/dev/null) && return 0
  # again for the error alone: warnings precede an answer
  reason=$(kubectl --request-timeout=20s "$@" 2>&1 >/dev/null)
  case $reason in
    *'(NotFound)'* | *"doesn't have a resource type"* | *'could not find the requested resource'*) reason=; return 1 ;;
  esac
  reason=${reason%%"$newline"*}
  return 2
}

# has LINE: whether $answer contains the line
has() {
  case "$newline$answer$newline" in *"$newline$1$newline"*) return 0 ;; esac
  return 1
}

# lacks WHAT: notes what a present object lacks
lacks() {
  reason="${reason:+$reason, }$1"
}

# check HOW NEED FIX ARGUMENTS...
check() {
  how=$1 need=$2 fix=$3
  shift 3
  reason=
  "$how" "$@"
  case $? in
    0) ;;
    1)
      missing=$((missing + 1))
      printf 'missing: %s%s. %s\n' "$need" "${reason:+: $reason}" "$fix"
      ;;
    2)
      unanswered=$((unanswered + 1))
      printf 'no answer: %s: %s\n' "$need" "$reason"
      ;;
    *)
      unchecked=$((unchecked + 1))
      printf 'not checked: %s: %s\n' "$need" "$reason"
      ;;
  esac
}

# version MINOR
version() {
  minor=$(printf '%s' "$serverVersion" | tr -d ' \n' | sed 's/.*"minor":"\([0-9]*\).*/\1/')
  case $minor in
    '' | *[!0-9]*) reason="kubectl tells no version"; return 3 ;;
  esac
  [ "$minor" -ge "$1" ] && return 0
  lacks "it is 1.$minor"
  return 1
}

# object RESOURCE NAME [NAMESPACE]
object() {
  ask get "$1" "$2" ${3:+"--namespace=$3"} -o name
}

# keys RESOURCE NAME NAMESPACE TYPE KEYS...: an empty namespace or type means any
keys() {
  if [ "$1" = secrets ] && [ "$readSecrets" = no ]; then
    reason='the script does not read Secrets'
    return 3
  fi
  # keys only: values do not leave kubectl
  template='type:{{.type}}{{"\n"}}{{range $key, $value := .data}}{{$key}}{{"\n"}}{{end}}'
  template=$template'{{range $key, $value := .binaryData}}{{$key}}{{"\n"}}{{end}}'
  ask get "$1" "$2" ${3:+"--namespace=$3"} -o go-template="$template" || return $?
  type=$4
  shift 4
  [ -z "$type" ] || has "type:$type" || lacks "its type is not $type"
  for key in "$@"; do
    has "$key" || lacks "it has no key $key"
  done
  [ -z "$reason" ]
}

# condition RESOURCE NAME NAMESPACE CONDITION: that its controller has accepted the object
condition() {
  template='{{range .status.conditions}}{{.type}}={{.status}}{{"\n"}}{{end}}'
  ask get "$1" "$2" ${3:+"--namespace=$3"} -o go-template="$template" || return $?
  has "$4=True" && return 0
  lacks "it is not $4, so no controller serves it"
  return 1
}

# served GROUP/VERSION KIND
served() {
  ask get --raw "/apis/$1" || return $?
  case $(printf '%s' "$answer" | tr -d ' \n') in *"\"kind\":\"$2\""*) return 0 ;; esac
  return 1
}

# metrics GROUP/VERSION...: one of them
metrics() {
  for api in "$@"; do
    ask get --raw "/apis/$api" && return 0
    case $reason in
      '') ;;
      *ServiceUnavailable* | *'unable to handle the request'*)
        reason='its server does not answer'
        return 1
        ;;
      *) return 2 ;;
    esac
  done
  return 1
}

# default RESOURCE ANNOTATION
default() {
  template="{{range .items}}{{with .metadata.annotations}}{{index . \"$2\"}}{{\"\\n\"}}{{end}}{{end}}"
  ask get "$1" -o go-template="$template" || return $?
  has true
}

# controller WORKLOADS...: one of them by name, or by its label app.kubernetes.io/name
controller() {
  if [ -z "${workloads:-}" ]; then
    template='{{range .items}}{{.metadata.name}}{{"\n"}}{{with .metadata.labels}}'
    template=$template'{{index . "app.kubernetes.io/name"}}{{"\n"}}{{end}}{{end}}'
    ask get deployments.apps,daemonsets.apps,statefulsets.apps --all-namespaces -o go-template="$template" || return $?
    workloads=${answer:-none}
  fi
  answer=$workloads
  for name in "$@"; do
    has "$name" && return 0
  done
  reason='no workload with one of its usual names runs here; it may have another name'
  return 3
}

# loadBalancer: one that has an address shows that something provides it
loadBalancer() {
  template='{{range .items}}{{if eq .spec.type "LoadBalancer"}}{{with .status.loadBalancer.ingress}}'
  template=$template'address{{"\n"}}{{end}}{{end}}{{end}}'
  ask get services --all-namespaces -o go-template="$template" || return $?
  has address && return 0
  reason='no Service of the cluster has the address of a load balancer yet'
  return 3
}

# nodes SELECTORS...: a node with one of them
nodes() {
  for selector in "$@"; do
    ask get nodes --selector="$selector" -o name || return $?
    [ -z "$answer" ] || return 0
  done
  return 1
}

# pods NAMESPACE SELECTOR
pods() {
  ask get pods ${1:+"--namespace=$1"} ${2:+"--selector=$2"} -o name || return $?
  [ -n "$answer" ]
}

# peers NAMESPACE SELECTOR: pods of another app, which may come later
peers() {
  pods "$@" && return 0
  [ $? -eq 1 ] || return 2
  reason='no such pod runs yet'
  return 3
}

# domains LABEL NUMBER: different values of the label among the nodes
domains() {
  template="{{range .items}}{{with index .metadata.labels \"$1\"}}{{.}}{{\"\\n\"}}{{end}}{{end}}"
  ask get nodes --selector="$1" -o go-template="$template" || return $?
  count=$(printf '%s' "${answer:+$answer$newline}" | sort -u | wc -l | tr -d ' ')
  [ "$count" -ge "$2" ] && return 0
  lacks "there are $count"
  return 1
}

# capacity RESOURCE MOST TOTAL: of what the nodes report; other pods may use it
capacity() {
  template="{{range .items}}{{with index .status.allocatable \"$1\"}}{{.}}{{\"\\n\"}}{{end}}{{end}}"
  ask get nodes -o go-template="$template" || return $?
  largest=0 sum=0
  for amount in $answer; do
    case $amount in
      0) ;;
      *[!0-9]*) [ "$2" != any ] || return 0 ;;
      *)
        [ "$2" != any ] || return 0
        [ "$amount" -le "$largest" ] || largest=$amount
        sum=$((sum + amount))
        ;;
    esac
  done
  [ "$2" != any ] || return 1
  [ "$largest" -ge "$2" ] || lacks "the most on one node is $largest"
  [ "$sum" -ge "$3" ] || lacks "all nodes have $sum"
  [ -z "$reason" ]
}

if ! serverVersion=$(kubectl --request-timeout=20s get --raw /version 2>/dev/null); then
  kubectl --request-timeout=20s get --raw /version 2>&1 >/dev/null | head -n 1 >&2
  echo 'kubectl does not reach the cluster of its current context' >&2
  exit 2
fi

@checks@
if [ "$missing" -gt 0 ]; then
  echo "$missing of $total needs are missing" >&2
  exit 1
fi
if [ "$unanswered" -gt 0 ]; then
  echo "$unanswered of $total needs got no answer: does the user have the rights?" >&2
  exit 2
fi
echo "$((total - unchecked)) of $total needs are there"
