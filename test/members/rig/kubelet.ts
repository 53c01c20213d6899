import { setTimeout as sleep } from 'node:timers/promises';
import type { Block, Probe } from './block';
import { type Answer, Container, type ContainerSettings } from './container';
import { paced } from './pace';

/** Before a container is started again. A kubelet waits for 10 s, then longer each time. */
const BACKOFF_MILLIS = 1000;

/** Keeps the container of a pod running: starts it again when it ends, and probes it. */
export class Kubelet {
  public restarts = 0;
  /** Restarts that liveness or startup wanted. */
  public readonly killed: string[] = [];
  public ready = false;
  /** What failed readiness said, each once in a row. */
  public readonly events: string[] = [];

  private container: Container | undefined;
  private stopped = false;
  private readonly finished: Promise<void>;

  public constructor(
    private readonly settings: ContainerSettings,
    private readonly block: Block,
  ) {
    this.finished = this.run();
  }

  /** Ends the pod. */
  public async stop(graceSeconds: number): Promise<void> {
    this.stopped = true;
    await this.container?.stop(graceSeconds);
    await this.finished;
  }

  /** Ends the container as the kernel does when memory is short. It is started again. */
  public async kill(): Promise<void> {
    await this.container?.kill();
  }

  public freeze(): void {
    this.container?.freeze();
  }

  public thaw(): void {
    this.container?.thaw();
  }

  public async exec(command: readonly string[], timeoutSeconds: number): Promise<Answer> {
    if (this.container?.runs !== true) return { code: null, output: 'no container runs', seconds: 0 };
    return this.container.exec(command, timeoutSeconds);
  }

  private async run(): Promise<void> {
    for (; !this.stopped; this.restarts += 1) {
      const container = await Container.start(this.settings);
      this.container = container;
      if (container !== undefined) {
        // it was stopped before it was known
        if (this.stopped) await container.kill();
        void this.probe(container);
        await container.ended;
      }
      this.ready = false;
      if (!this.stopped) await sleep(BACKOFF_MILLIS);
    }
  }

  private async probe(container: Container): Promise<void> {
    const { startup, liveness, readiness } = this.block;
    const fatal =
      (probe: Probe) =>
      ({ failures, output }: Result): boolean => {
        if (failures < probe.failureThreshold) return true;
        this.killed.push(`${probe.command.join(' ')}: ${output}`);
        void container.stop(paced(this.block.graceSeconds));
        return false;
      };
    await watch(container, startup, (result) => result.failures > 0 && fatal(startup)(result));
    void watch(container, liveness, fatal(liveness));
    await watch(container, readiness, ({ failures, output }) => {
      if (failures === 0) this.ready = true;
      else if (output !== this.events.at(-1)) this.events.push(output);
      if (failures >= readiness.failureThreshold) this.ready = false;
      return true;
    });
  }
}

interface Result {
  /** In a row. */
  readonly failures: number;
  readonly output: string;
}

/** Runs a probe again and again, until `judge` has enough or the container ends. */
async function watch(container: Container, probe: Probe, judge: (result: Result) => boolean): Promise<void> {
  let failures = 0;
  while (container.runs) {
    const { code, output } = await container.exec(probe.command, probe.timeoutSeconds);
    if (!container.runs) return;
    failures = code === 0 ? 0 : failures + 1;
    if (!judge({ failures, output })) return;
    await sleep(probe.periodSeconds * 1000);
  }
}
