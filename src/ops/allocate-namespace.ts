import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Subject } from '../access/subject';
import { Cpu } from '../kubernetes/cpu';
import { DeveloperNamespace } from '../tenancy/developer-namespace';
import { EXPIRES_LABEL } from '../tenancy/expiry';
import { Quota } from '../tenancy/quota';

/** Streams of the command. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
  readonly errors: Writable;
}

const SIZES = {
  small: { cpu: 2, gibibytes: 20 },
  medium: { cpu: 5, gibibytes: 50 },
  large: { cpu: 10, gibibytes: 100 },
} as const;

/** The questions in order; an empty answer selects the default. */
const QUESTIONS = [
  { option: 'owner', question: 'Owner, as the cluster knows the user', standard: undefined },
  { option: 'team', question: 'Team', standard: undefined },
  { option: 'purpose', question: 'Purpose', standard: undefined },
  { option: 'ttl', question: 'Time to live, in hours or days (36h, 5d)', standard: '14d' },
  {
    option: 'size',
    question: 'Size: small (2 CPU, 20 GiB), medium (5 CPU, 50 GiB) or large (10 CPU, 100 GiB)',
    standard: 'large',
  },
] as const;

type Asked = (typeof QUESTIONS)[number]['option'];

// create alone would fail, since Kubernetes creates the ServiceAccount default itself; apply alone would take over an
// existing namespace
const USAGE = `Usage: cdk8s-developer-namespace [options] > namespace.yaml
       kubectl create -f namespace.yaml -l ${EXPIRES_LABEL}=true && kubectl apply --server-side -f namespace.yaml

Writes the YAML of a developer namespace, with a quota, rights and an expiry. Asks for missing options.
The first kubectl creates the namespace, and fails if the name exists. The second one adds the rest.
Then tell the app that runs there, which closed egress and the quota concern:
  new ExistingNamespace(app, 'namespace', { file: 'namespace.yaml' })

  --owner USER       the user who gets 'edit', and the contact
  --team TEAM        a label
  --purpose TEXT     the purpose of the namespace
  --ttl TIME         lifetime in hours or days, such as 36h or 5d; default 14d
  --size SIZE        small (2 CPU, 20 GiB), medium (5 CPU, 50 GiB) or large (10 CPU, 100 GiB); default large
  --name NAME        of the namespace; default: the team and 5 random characters
  --group GROUP      a group that gets 'edit' instead of the owner
  --cluster-view     lets them read the whole cluster, without Secrets; outlives the namespace
                     as the ClusterRoleBinding NAME-view
`;

/** Runs the command and returns its exit code. */
export async function allocateNamespace(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        'owner': { type: 'string' },
        'team': { type: 'string' },
        'purpose': { type: 'string' },
        'ttl': { type: 'string' },
        'size': { type: 'string' },
        'name': { type: 'string' },
        'group': { type: 'string' },
        'cluster-view': { type: 'boolean' },
        'help': { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      terminal.output.write(USAGE);
      return 0;
    }
    const answers = await askForRest(values, terminal);
    terminal.output.write(yamlOf(answers, values));
    return 0;
  } catch (error) {
    terminal.errors.write(`${(error as Error).message}\n`);
    return 1;
  }
}

/** Asks questions on stderr, since stdout is for kubectl. */
async function askForRest(
  given: Partial<Record<Asked, string>>,
  { input, errors }: Terminal,
): Promise<Record<Asked, string>> {
  const missing = QUESTIONS.filter(
    ({ option, standard }) => given[option] === undefined && (input.isTTY === true || standard === undefined),
  );
  if (missing.length > 0 && input.isTTY !== true) {
    throw new Error(`${missing.map(({ option }) => `--${option}`).join(', ')}: missing\n\n${USAGE}`);
  }
  const answers: Partial<Record<Asked, string>> = Object.fromEntries(
    QUESTIONS.map(({ option, standard }) => [option, given[option] ?? standard]),
  );
  const lines = missing.length > 0 ? createInterface({ input, output: errors }) : undefined;
  try {
    for (const { option, question, standard } of missing) {
      const answer = (
        (await lines?.question(`${question}${standard === undefined ? '' : ` [${standard}]`}: `)) ?? ''
      ).trim();
      answers[option] = answer === '' ? (standard ?? '') : answer;
    }
  } finally {
    lines?.close();
  }
  return answers as Record<Asked, string>;
}

function yamlOf(
  { owner, team, purpose, ttl, size }: Record<Asked, string>,
  options: { 'name'?: string; 'group'?: string; 'cluster-view'?: boolean },
): string {
  const amount = Object.entries(SIZES).find(([word]) => word === size)?.[1];
  if (amount === undefined) throw new Error(`--size: got '${size}', expected ${Object.keys(SIZES).join(', ')}`);
  const time = /^(?<count>\d{1,4})(?<unit>[hd])$/.exec(ttl)?.groups;
  if (time === undefined) throw new Error(`--ttl: got '${ttl}', expected hours or days, such as 36h or 5d`);
  const cpu = Cpu.units(amount.cpu);
  const storage = Size.gibibytes(amount.gibibytes);
  const app = new App();
  new DeveloperNamespace(new Chart(app, 'developer-namespace'), 'Default', {
    name: options.name ?? randomName(team),
    owner,
    team,
    purpose,
    ttl: time.unit === 'h' ? Duration.hours(Number(time.count)) : Duration.days(Number(time.count)),
    quota: Quota.of({ cpu, cpuLimit: cpu, memory: storage, storage }),
    editors: options.group === undefined ? undefined : [Subject.group(options.group)],
    clusterView: options['cluster-view'],
  });
  return app.synthYaml();
}

/** Letters and digits that cannot be confused. */
const LETTERS = 'bcdfghjkmnpqrstvwxz2456789';

function randomName(team: string): string {
  const readable =
    team
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'dev';
  return `${readable}-${[...randomBytes(5)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
