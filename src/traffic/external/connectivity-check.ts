import { createHash } from 'node:crypto';
import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { Job } from '../../blocks/job';
import type { ISecretRef } from '../../interop/references';

/** Options of `connectivityCheck`. */
export interface ConnectivityCheckOptions {
  /**
   * Image with a shell and an `nc` that supports `-z`, such as BusyBox or Alpine, fixed by a tag or digest. With a
   * custom `command`, any image.
   */
  readonly image: string;

  /**
   * Command of the check. `TARGET_HOST` and `TARGET_PORT` contain the target. It must fail if it cannot connect.
   *
   * @default - `nc -z` in a shell, which opens and closes a connection to the port
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
 * The Job of a check. Its name contains the target, so a new target creates a new Job: pods of a Job are immutable.
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
  // the Job refuses what is no text
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
