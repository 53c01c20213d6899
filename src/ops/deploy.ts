import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { IMMUTABLE, stepsFor } from './immutable-stateful-set';
import { type Kubectl, kubectlOf, NOT_FOUND } from './kubectl';
import { whyNotReady } from './why-not-ready';
import { countAt, list, part, textAt, textsAt } from '../kernel/schema/manifest';
import { selectorText } from '../kubernetes/label-selector';

/** Streams of the command. */
export interface DeployTerminal {
  readonly output: Writable;
  readonly errors: Writable;
}

const USAGE = `Usage: cdk8s-deploy [options] PATH...

Applies YAML with kubectl, and waits until the new version runs: each rollout is complete, and each Job has succeeded.
Run it again for the next version. PATH is a file or a folder of YAML, such as dist/dev.

  --timeout TIME     how long each rollout and Job may take, such as 90s, 10m or 1h; default 10m
  --context NAME     the context of the kubeconfig; default: the current one

Exit codes: 0 the new version runs, 1 it does not, or only a part was applied, 2 nothing was deployed.
`;

/** Kinds with a rollout, of the group apps. */
const ROLLOUTS: readonly string[] = ['DaemonSet', 'Deployment', 'StatefulSet'];
const UNITS = { s: 1, m: 60, h: 3600 } as const;

interface Applied {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly selector: string;
  readonly replicas: number;
}

interface Options {
  readonly paths: readonly string[];
  readonly seconds: number;
}

/** Runs the command and returns its exit code. */
export async function deploy(
  words: readonly string[],
  { output, errors }: DeployTerminal,
  kubectlFor: (context: string | undefined) => Kubectl = kubectlOf,
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        timeout: { type: 'string', default: '10m' },
        context: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      output.write(USAGE);
      return 0;
    }
    if (positionals.length === 0) throw new Error(`PATH: missing\n\n${USAGE}`);
    const options = { paths: positionals, seconds: secondsOf(values.timeout) };
    const say = (text: string): void => void output.write(`${text}\n`);
    const kubectl = kubectlFor(values.context);
    const failed = (await apply(kubectl, options, say)) ?? (await waitForAll(kubectl, options, say));
    if (failed.length === 0) return 0;
    errors.write(`${failed.join('\n')}\n`);
    return 1;
  } catch (error) {
    errors.write(`${(error as Error).message}\n`);
    return 2;
  }
}

function secondsOf(text: string): number {
  const time = /^(?<count>[1-9]\d{0,4})(?<unit>[smh])$/.exec(text)?.groups;
  if (time === undefined) throw new Error(`--timeout: got '${text}', expected seconds, minutes or hours, such as 10m`);
  return Number(time.count) * UNITS[time.unit as keyof typeof UNITS];
}

/** The API server may take a moment to serve a kind or a namespace that the same files create. */
const NOT_YET = /no matches for kind|namespaces ".*" not found/;

/** Returns what has failed although a part was applied; throws if nothing was. */
async function apply(
  kubectl: Kubectl,
  { paths }: Options,
  say: (text: string) => void,
): Promise<readonly string[] | undefined> {
  const args = ['apply', '--server-side', ...filesIn(paths)];
  let ran = await kubectl(args);
  let isPart = ran.output !== '';
  if (ran.code !== 0 && NOT_YET.test(ran.errors)) {
    await setTimeout(3000);
    ran = await kubectl(args);
    isPart ||= ran.output !== '';
  }
  if (ran.output !== '') say(ran.output.trimEnd());
  if (ran.code === 0) return undefined;
  if (ran.code === NOT_FOUND) throw new Error(`kubectl is not installed: ${ran.errors}`);
  const steps = IMMUTABLE.test(ran.errors) ? await stepsForAll(kubectl, paths) : [];
  const said = [ran.errors.trimEnd(), ...steps];
  // kubectl applies the other objects of the files
  if (isPart) return said;
  throw new Error(said.join('\n'));
}

/** What to do about StatefulSets whose immutable fields differ from those of the files. */
async function stepsForAll(kubectl: Kubectl, paths: readonly string[]): Promise<string[]> {
  const [wanted, live] = await Promise.all([
    kubectl(['create', '--dry-run=client', ...filesIn(paths), '--output', 'json']),
    kubectl(['get', '--ignore-not-found', ...filesIn(paths), '--output', 'json']),
  ]);
  const found = itemsOf(live.output).filter((item) => isOf(item, 'apps', ['StatefulSet']));
  const steps = await Promise.all(
    found.map(async (item) => {
      const { name, namespace, selector } = readApplied(item);
      const other = itemsOf(wanted.output).find(
        (one) =>
          isOf(one, 'apps', ['StatefulSet']) &&
          textAt(one, 'metadata', 'name') === name &&
          (textAt(one, 'metadata', 'namespace') ?? namespace) === namespace,
      );
      if (other === undefined) return [];
      const { output } = await kubectl([
        'get',
        'pvc',
        '--namespace',
        namespace,
        '--selector',
        selector,
        '--output',
        'json',
      ]);
      const claims = itemsOf(output).flatMap((claim) => textAt(claim, 'metadata', 'name') ?? []);
      return stepsFor({ live: item, wanted: other, claims });
    }),
  );
  return steps.flat();
}

/** The objects that kubectl has printed: a List, or one document after the other. */
function itemsOf(output: string): unknown[] {
  return output
    .split(/^(?=\{)/m)
    .filter((text) => text.trim() !== '')
    .flatMap((text) => {
      const found = parsed(text);
      return part(found, 'kind') === 'List' ? list(part(found, 'items')) : [found];
    });
}

const filesIn = (paths: readonly string[]): string[] => paths.flatMap((path) => ['--filename', path]);

/** Waits for everything at the same time. Returns what has failed, with the reasons. */
async function waitForAll(kubectl: Kubectl, options: Options, say: (text: string) => void): Promise<readonly string[]> {
  const { code, output, errors } = await kubectl(['get', ...filesIn(options.paths), '--output', 'json']);
  if (code !== 0) return [`It is applied, but its state is unknown: ${errors.trimEnd()}`];
  const manifests = parsed(output);
  if (manifests === undefined) return ['It is applied, but its state is unknown: kubectl get prints no JSON'];
  const items = part(manifests, 'kind') === 'List' ? list(part(manifests, 'items')) : [manifests];
  const verdicts = await Promise.all(
    items.flatMap((item) => {
      if (isOf(item, 'apps', ROLLOUTS)) return waitForRollout(kubectl, readApplied(item), options, say);
      return isOf(item, 'batch', ['Job']) ? waitForJob(kubectl, readApplied(item), options, say) : [];
    }),
  );
  return verdicts.flatMap((failure) => failure ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isOf(item: unknown, group: string, kinds: readonly string[]): boolean {
  return textAt(item, 'apiVersion')?.split('/')[0] === group && kinds.includes(textAt(item, 'kind') ?? '');
}

function readApplied(item: unknown): Applied {
  return {
    kind: textAt(item, 'kind') ?? '',
    name: textAt(item, 'metadata', 'name') ?? '',
    namespace: textAt(item, 'metadata', 'namespace') ?? 'default',
    replicas: countAt(item, 'spec', 'replicas') ?? 1,
    selector: selectorText(textsAt(item, 'spec', 'selector', 'matchLabels')),
  };
}

async function waitForRollout(
  kubectl: Kubectl,
  applied: Applied,
  { seconds }: Options,
  say: (text: string) => void,
): Promise<string | undefined> {
  const { kind, name, namespace, replicas } = applied;
  const target = ['--namespace', namespace, '--timeout', `${seconds}s`];
  const workload = `${kind.toLowerCase()}/${name}`;
  let { code, errors } = await kubectl(['rollout', 'status', workload, ...target]);
  if (code === 0 && kind === 'StatefulSet' && replicas > 0) {
    // the status ends when the last pod is ready; Kubernetes 1.37 restarts all pods at once that are not available yet
    const available = `--for=jsonpath={.status.availableReplicas}=${replicas}`;
    ({ code, errors } = await kubectl(['wait', available, workload, ...target]));
  }
  if (code !== 0) return failureOf(kubectl, applied, errors.trim());
  say(`${kind} ${namespace}/${name} runs`);
  return undefined;
}

/** Milliseconds between two looks at a Job: kubectl can wait for one condition only. */
const PAUSE = 2000;

/** Answers of the API server that the next look would repeat. Others, such as a lost connection, pass. */
const FINAL = /\((BadRequest|Forbidden|NotFound|Unauthorized)\)/;

async function waitForJob(
  kubectl: Kubectl,
  applied: Applied,
  { seconds }: Options,
  say: (text: string) => void,
): Promise<string | undefined> {
  const { name, namespace } = applied;
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const ran = await kubectl(['get', 'job', name, '--namespace', namespace, '--output', 'json']);
    const isOver = Date.now() + PAUSE > end;
    if (ran.code !== 0 && (isOver || FINAL.test(ran.errors))) return failureOf(kubectl, applied, ran.errors.trim());
    const conditions = ran.code === 0 ? list(part(parsed(ran.output), 'status', 'conditions')) : [];
    const met = (type: string): unknown =>
      conditions.find((condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True');
    if (met('Complete') !== undefined) {
      say(`Job ${namespace}/${name} has succeeded`);
      return undefined;
    }
    const failed = met('Failed');
    if (failed !== undefined) return failureOf(kubectl, applied, textAt(failed, 'message') ?? 'it has failed');
    if (isOver) return failureOf(kubectl, applied, `it runs for more than ${seconds} s`);
    await setTimeout(PAUSE);
  }
}

async function failureOf(kubectl: Kubectl, applied: Applied, reason: string): Promise<string> {
  const { kind, name, namespace, selector } = applied;
  const pods = selector === '' ? undefined : await kubectl(podsArgs(namespace, selector));
  const reasons = pods?.code === 0 ? whyNotReady(parsed(pods.output)) : [];
  return [`${kind} ${namespace}/${name}: ${reason}`, ...reasons.map((line) => `  ${line}`)].join('\n');
}

function podsArgs(namespace: string, selector: string): string[] {
  return ['get', 'pods', '--namespace', namespace, '--selector', selector, '--output', 'json'];
}
