import { countAt, list, part, textAt } from '../kernel/schema/manifest';

/** For each pod of a list that is not ready, what Kubernetes says of it, and the command that shows its log. */
export function whyNotReady(pods: unknown): string[] {
  return list(part(pods, 'items')).flatMap((pod) => {
    const reasons = isReady(pod) ? [] : reasonsOf(pod);
    return reasons.map((reason) => `pod ${textAt(pod, 'metadata', 'name') ?? ''}: ${reason}`);
  });
}

function isReady(pod: unknown): boolean {
  if (textAt(pod, 'status', 'phase') === 'Succeeded') return true;
  return list(part(pod, 'status', 'conditions')).some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

function reasonsOf(pod: unknown): string[] {
  const scheduling = list(part(pod, 'status', 'conditions')).flatMap((condition) =>
    textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'status') === 'False'
      ? (textAt(condition, 'message') ?? [])
      : [],
  );
  const containers = [
    ...list(part(pod, 'status', 'initContainerStatuses')),
    ...list(part(pod, 'status', 'containerStatuses')),
  ].flatMap((status) => reasonOf(pod, status) ?? []);
  return [...scheduling, ...containers];
}

function reasonOf(pod: unknown, status: unknown): string | undefined {
  const name = textAt(status, 'name') ?? '';
  const place = `${textAt(pod, 'metadata', 'name') ?? ''} --namespace ${textAt(pod, 'metadata', 'namespace') ?? ''}`;
  const log = `kubectl logs ${place} --container ${name}`;
  const waiting = part(status, 'state', 'waiting');
  const ended = part(status, 'state', 'terminated') ?? part(status, 'lastState', 'terminated');
  const code = countAt(ended, 'exitCode');
  if (code !== undefined && code !== 0) {
    const why = `${textAt(ended, 'reason') ?? 'Error'}, exit code ${code}`;
    return `container ${name} has ended (${why}): ${log}${waiting === undefined ? '' : ' --previous'}`;
  }
  if (waiting !== undefined) {
    const message = textAt(waiting, 'message');
    return `container ${name} waits: ${textAt(waiting, 'reason') ?? ''}${message === undefined ? '' : `, ${message}`}`;
  }
  const isUnready = part(status, 'state', 'running') !== undefined && part(status, 'ready') === false;
  return isUnready ? `container ${name} is not ready: ${log}` : undefined;
}
