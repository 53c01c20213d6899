import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { JobProps } from './job-props';
import { untilAYear } from './read-run';
import { renderJob } from './render-job';
import { RunWorkload } from './run-workload';
import { emitLater } from '../kernel/emit/emission';
import { versionLabel } from '../kernel/emit/labels';
import { dnsLabel } from '../kernel/schema/syntax';
import { parseImage } from '../kubernetes/image';
import { imageVersion } from '../pod/container';

/**
 * Pods that run to their end once: a migration, an import, a check. Job, ServiceAccount and NetworkPolicy.
 *
 * - What was started must bear to be started again: a node may fail after the work and before its success is known.
 * - The pods of a Job cannot be changed. So the Job has a version in its name, by default that of the image: another version is
 *   another Job, which runs beside or after the old one, and applied again, nothing runs. Where something else than the image
 *   changes, an argument or a mounted configuration, set `version` too, or the API server refuses the change with
 *   `field is immutable`.
 * - An attempt that failed is made again, `backoffLimit` times. Evictions do not count.
 *
 * ```ts
 * const migration = new Job(chart, 'migration', {
 *   image: 'ghcr.io/example/journal-server:1.4.2',
 *   args: ['migrate'],
 * });
 * migration.connectTo(redis);
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export class Job extends RunWorkload {
  /** The Job. Its name ends with the version. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id, props, LONGEST_NAME);
    const read = this._reader(props);
    const { image } = this._pod.containers[0];
    const version = read.optional('version', dnsLabel(), defaultVersion(image, this._longestName(LONGEST_NAME) - `${this.name}-`.length), { fix: 'Leave it out for the tag of the image' });
    const name = `${this.name}-${version}`;
    this._refuseLongName(read.has('version') ? 'version' : 'name', name, LONGEST_NAME);
    const ttl = read.optional('ttlAfterFinished', untilAYear, undefined, { fix: 'Leave it out: the Job stays until it is deleted', practice: 'CH06-20' });
    const { parallelism } = this._run;
    this._record('Job', () => ({ replicas: parallelism, most: parallelism, surge: 0, stopping: 0 }), []);

    const head = this._head('batch/v1', 'Job', name, { annotations: this._annotations, labels: versionLabel(imageVersion(image)) });
    this.apiObject = emitLater(this, 'Resource', head, this._problems, () => renderJob(this._run, this._pod, ttl));
    read.refuseUnknown();
  }
}

const LONGEST_NAME = 63;
const DIGEST_DIGITS = 12;
const DIGITS_BESIDE_TAG = 10;

/**
 * What of the image can be the end of a name, in `room` characters: the tag, with digits of the digest where there is one, as a
 * tag can be moved to another image. Those alone where the tag has no room beside them.
 */
function defaultVersion(image: string, room: number): string {
  const { tag, digest } = parseImage(image) ?? {};
  const text = (tag ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (digest === undefined) return text || 'invalid';
  const digits = digest.slice('sha256:'.length);
  const both = `${text}-${digits.slice(0, DIGITS_BESIDE_TAG)}`;
  return text === '' || both.length > room ? digits.slice(0, DIGEST_DIGITS) : both;
}
