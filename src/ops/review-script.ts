import type { AccessExpectation } from './access-expectation';
import { shellWord } from './shell';

const HEAD = `#!/bin/sh
# Asks whether each subject may do what the app says, and no more.
set -u
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
    # kubectl asks for something else then, and the answer is always no
    *"doesn't have a resource type"*) unserved=$((unserved + 1)); return ;;
  esac
  # warnings come first
  case \${got##*"$newline"} in
    yes*) got=yes ;;
    no*) got=no ;;
    *) got="no answer" ;;
  esac
  [ "$got" = "$wanted" ] && return
  failed=$((failed + 1))
  printf '%s, expected %s: kubectl auth can-i %s\\n' "$got" "$wanted" "$*"
}

`;

/** A shell script that fails when an answer of the cluster is not the expected one. */
export function canISteps(expectations: readonly AccessExpectation[]): string {
  const steps = expectations.map((expectation) => `expects ${expectation.allowed ? 'yes' : 'no'} ${argumentsOf(expectation).map(shellWord).join(' ')}\n`);
  return `${HEAD}${steps.join('')}\nif [ "$failed" -gt 0 ]; then\n  echo "$failed of ${expectations.length} answers differ" >&2\n  exit 1\nfi\necho "$((${expectations.length} - unserved)) answers as expected"\n[ "$unserved" -eq 0 ] || echo "$unserved questions about APIs that the cluster does not serve"\n`;
}

function argumentsOf({ subjectKind, subject, namespace, verb, apiGroup, resource, subresource, resourceName }: AccessExpectation): string[] {
  const type = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return [
    verb,
    resourceName === undefined ? type : `${type}/${resourceName}`,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    namespace === undefined ? '--all-namespaces' : `--namespace=${namespace}`,
    // a group is impersonated beside a user, who has no rights
    ...(subjectKind === 'Group' ? ['--as=access-review', `--as-group=${subject}`] : [`--as=${subject}`]),
  ];
}
