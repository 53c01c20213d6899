import { createHash } from 'node:crypto';
import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { Job } from '../../blocks/job';
import type { ISecretRef } from '../../interop/references';

/** Options of `connectivityCheck`. */
export interface ConnectivityCheckOptions {
  /**
   * Image with a shell and an `nc` that knows `-z`, such as one of BusyBox or Alpine, fixed by a tag or digest. With a
   * `command` of your own, any image.
   */
  readonly image: string;

  /**
   * What to run. It finds the target in `TARGET_HOST` and `TARGET_PORT`, and fails where it does not get there.
   *
   * @default - `nc -z`, in a shell: a connection to the port is made and closed
   */
  readonly command?: string[];

  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` for the registry.
   *
   * @default - none
   */
  readonly pullSecrets?: ISecretRef[];
}

const CHECK =
  'nc -z -w 5 "$TARGET_HOST" "$TARGET_PORT" || { echo "no connection to $TARGET_HOST:$TARGET_PORT" >&2; exit 1; }';

/**
 * The Job of a check. It has the target in its name, so that another target is another check; the pods of a Job cannot
 * be changed.
 */
export function connectivityJob(
  scope: Construct,
  name: string,
  target: object,
  options: ConnectivityCheckOptions,
  egress?: 'declared',
): Job {
  const { command = ['sh', '-c', CHECK], ...rest } = options;
  const words = [options.image, ...(Array.isArray(command) ? command : [])] as unknown[];
  // what is no text is refused by the Job
  const given = JSON.stringify([target, words.filter((word) => typeof word === 'string')]);
  return new Job(scope, 'Check', {
    ...rest,
    name: `${name}-check`,
    command,
    version: createHash('sha256').update(given).digest('hex').slice(0, 8),
    egress,
    activeDeadline: Duration.minutes(5),
  });
}
