import type { ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { job, longestName, refuseLongName } from '../controllers/job';
import { readRun, YEAR } from '../controllers/run';
import type { RunProps, RunSettings } from '../controllers/run-props';
import { seconds } from '../kernel/schema/checks';
import { dnsLabel } from '../kernel/schema/syntax';
import { parseImage } from '../kubernetes/image';
import type { ContainerBaseProps } from '../pod/container';
import type { HookedContainerProps } from '../pod/pre-stop';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPortless } from '../workload/probes';
import { Workload } from '../workload/workload';
import type { PodWorkloadProps } from '../workload/workload-props';

/** Props of `Job`. */
export interface JobProps extends PodWorkloadProps, ContainerBaseProps, HookedContainerProps, RunProps {
  /**
   * Suffix of the Job name: lower-case letters, digits and `-`. A changed Job needs a new version: see `Job`.
   *
   * @default - tag of the image (`1-4-2` for `1.4.2`), with the first 10 digits of its digest when it has both, or the
   * first 12 of a digest alone: a new image is a new run
   */
  readonly version?: string;

  /**
   * Time after which the finished Job is deleted, with its pods and their logs; 0 s to 365 days. Applying the manifest
   * again after that repeats the run. Set it only if nothing applies it again, or if a second run does no harm
   * (CH06-20).
   *
   * @default - it stays until it is deleted: applying it again runs nothing
   */
  readonly ttlAfterFinished?: Duration;
}

/**
 * Pods that run to completion once: a migration, an import, a check. Job, ServiceAccount and NetworkPolicy.
 *
 * - The work must be idempotent: a node may fail after the work and before its success is recorded.
 * - The pods of a Job are immutable. Its name therefore contains a version, by default that of the image: a new version
 *   is a new Job, which runs beside or after the old one, and applying an unchanged Job again runs nothing. If
 *   something other than the image changes, such as an argument or a mounted configuration, set `version` as well.
 *   Otherwise the API server refuses the change with `field is immutable`.
 * - A failed attempt is repeated up to `backoffLimit` times. Evictions do not count.
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
export class Job extends Workload {
  /** The Job. Its name ends with the version. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id, props, PLAN);
    this.apiObject = this._controller;
  }
}

const LONGEST_NAME = 63;

const PLAN = plan({
  kind: () => ({ component: 'job', longestName: LONGEST_NAME }),
  read: (site: WorkloadSite<JobProps>) => ({ run: readRun(site), main: readPortless(site) }),
  controller: (site, { run }) => {
    const ttl = site.read.optional('ttlAfterFinished', seconds(0, YEAR), undefined, {
      fix: 'Write Duration.days(1), or remove the prop: the Job stays until it is deleted',
      practice: 'CH06-20',
    });
    return job(site, run, readJobName(site, run), ttl);
  },
  parts: () => undefined,
});

/** The name of the workload with the version as suffix. */
function readJobName(site: WorkloadSite<JobProps>, run: RunSettings): string {
  const { read, name, pod } = site;
  const room = longestName(run, LONGEST_NAME) - `${name}-`.length;
  const version = read.optional('version', dnsLabel(), defaultVersion(pod.containers[0].image, room), {
    fix: 'Write what changes with the work, such as the tag of the image',
  });
  const jobName = `${name}-${version}`;
  refuseLongName(site, run, read.has('version') ? 'version' : 'name', jobName, LONGEST_NAME);
  return jobName;
}

const DIGEST_DIGITS = 12;
const DIGITS_BESIDE_TAG = 10;

/**
 * The version of the image as a name suffix of at most `room` characters: the tag, with digits of the digest if there
 * is one, since a tag can move to another image. If the tag leaves no room for them, the digits alone.
 */
function defaultVersion(image: string, room: number): string {
  const { tag, digest } = parseImage(image) ?? {};
  const text = (tag ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (digest === undefined) return text || 'invalid';
  const digits = digest.slice('sha256:'.length);
  const both = `${text}-${digits.slice(0, DIGITS_BESIDE_TAG)}`;
  return text === '' || both.length > room ? digits.slice(0, DIGEST_DIGITS) : both;
}
