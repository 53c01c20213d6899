import type { Construct } from 'constructs';
import type { RunProps } from './job-props';
import { readPortless } from './probes';
import { readRun, type RunSettings } from './read-run';
import { Workload } from './workload';
import { Verbatim } from '../kernel/findings/describe';
import { type Warning, warnLater } from '../kernel/findings/warnings';
import { hasInjectedProxy, ISTIO_NATIVE } from '../network/injected-proxy';

const MESHED: Warning = {
  rule: 'job/mesh-proxy',
  prop: 'podAnnotations',
  got: 'the proxy of a mesh, which does not end',
  expected: 'a native sidecar, or no proxy',
  text: 'the pods get the proxy of a mesh, and end only where it is a native sidecar: '
    + "ask for that with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or leave the job out of the tiers of the mesh",
};

/**
 * A workload that runs to an end. Nothing connects to it: no Service, no readiness, no disruption budget.
 *
 * @internal
 */
export abstract class RunWorkload extends Workload {
  /** @internal */
  protected readonly _run: RunSettings;

  protected constructor(scope: Construct, id: string, props: RunProps, longestName: number) {
    super(scope, id, props, { component: 'job', longestName, revisionLabel: 'batch.kubernetes.io/controller-uid', claims: [] });
    const read = this._reader(props);
    this._run = readRun(read, this._problems);
    if (this._run.parallelism === 1 && this._pod.placement.spread === 'hard') {
      read.refuse('spread', 'hard', "'hard' only from parallelism 2 up", { rule: 'scheduling/hard-spread', fix: 'Leave it out: a pod alone is not spread' });
    }
    this._setContainers(readPortless(read, this._podWide, this._problems), read);
    warnLater(this, () => (hasInjectedProxy(this._pod.labels()) && this._pod.annotations[ISTIO_NATIVE] !== 'true' ? [MESHED] : []));
  }

  /**
   * Claims are for one pod at a time, unless several run.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    return this._run.parallelism > 1;
  }

  /** @internal */
  protected _onePodFix(): string | undefined {
    return 'Set parallelism: 1';
  }

  /** @internal */
  protected _endsAfter(): number {
    return this._run.deadlineSeconds;
  }

  /**
   * Each pod of an indexed Job has its number.
   *
   * @internal
   */
  protected _addedVariables(): readonly string[] {
    return this._run.indexed ? ['JOB_COMPLETION_INDEX'] : [];
  }

  /**
   * Refuses a name of a Job that is too long.
   *
   * @internal
   */
  protected _refuseLongName(prop: string, name: string, longest: number): void {
    const most = this._longestName(longest);
    if (name.length > most) {
      this._problems.refuse(prop, new Verbatim(`'${name}', ${name.length} characters`), `at most ${most}${most < longest ? ', and the index of a pod' : ''}`, { rule: 'app/object-name', fix: "Set a shorter 'name'" });
    }
  }

  /**
   * The pods of a Job, when they have an index, are hosts of its name and that.
   *
   * @internal
   */
  protected _longestName(longest: number): number {
    return longest - (this._run.indexed ? `-${this._run.completions - 1}`.length : 0);
  }
}
