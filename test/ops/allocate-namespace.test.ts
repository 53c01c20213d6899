import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseAllDocuments } from 'yaml';
import { allocateNamespace } from '../../src/ops/allocate-namespace';
import { type Manifest, only } from '../support';

const FLAGS = ['--owner', 'jane@example.com', '--team', 'search', '--purpose', 'Tries another tokenizer'];

/** Runs the command; with answers, as on a terminal. */
async function run(words: string[], answers?: string[]) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  if (answers) Object.assign(input, { isTTY: true });
  const rest = [...(answers ?? [])];
  let [text, asked] = ['', ''];
  output.on('data', (data) => {
    text += String(data);
  });
  errors.on('data', (data) => {
    asked += String(data);
    if (rest.length > 0 && String(data).endsWith(': ')) input.write(`${rest.shift()}\n`);
  });
  const code = await allocateNamespace(words, { input, output, errors });
  await new Promise(setImmediate);
  return {
    code,
    text,
    asked,
    objects:
      code === 0 && text.startsWith('apiVersion')
        ? parseAllDocuments(text).map((document) => (document as { toJS(): Manifest }).toJS())
        : [],
  };
}

test('the allocator writes a namespace for kubectl, which comes first (S23, CH02-22, CH02-23)', async () => {
  const { code, objects, asked } = await run([...FLAGS, '--ttl', '5d', '--size', 'small', '--name', 'spike']);
  expect([code, asked, objects[0].kind]).toEqual([0, '', 'Namespace']);
  expect(objects[0].metadata).toMatchObject({
    name: 'spike',
    labels: { 'team': 'search', 'cdk8s-best-practices.dev/expires': 'true' },
    annotations: { owner: 'jane@example.com', purpose: 'Tries another tokenizer', ttl: '120h' },
  });
  expect(only(objects, 'ResourceQuota').spec.hard).toMatchObject({
    'requests.cpu': '2',
    'limits.cpu': '2',
    'requests.memory': '20Gi',
    'limits.memory': '20Gi',
  });
  expect(only(objects, 'RoleBinding')).toMatchObject({
    roleRef: { name: 'edit' },
    subjects: [{ kind: 'User', name: 'jane@example.com' }],
  });
  expect(objects.filter(({ kind }) => kind === 'ClusterRoleBinding')).toEqual([]);
});

test('the command runs as a process of its own', () => {
  const script = resolve(__dirname, '../../src/cdk8s-developer-namespace.ts');
  const output = execFileSync(process.execPath, ['--require', 'ts-node/register/transpile-only', script, ...FLAGS], {
    encoding: 'utf8',
  });
  expect(
    parseAllDocuments(output).map((document) => (document as { toJS(): Manifest }).toJS().kind as string),
  ).toContain('ResourceQuota');
});

test('the allocator has defaults, and a name that is new each time (CH02-20, CH02-23)', async () => {
  const [one, two] = await Promise.all([run(FLAGS), run(FLAGS)]);
  const names = [one, two].map(({ objects }) => only(objects, 'Namespace').metadata.name);
  expect(names[0]).toMatch(/^search-[a-z0-9]{5}$/);
  expect(names[0]).not.toBe(names[1]);
  expect(only(one.objects, 'Namespace').metadata.annotations.ttl).toBe('336h');
  expect(only(one.objects, 'ResourceQuota').spec.hard).toMatchObject({
    'requests.cpu': '10',
    'requests.memory': '100Gi',
  });
});

test('the allocator asks for what is missing (S23, CH02-23)', async () => {
  const { code, objects, asked } = await run(
    ['--owner', 'jane', '--group', 'oidc:search', '--cluster-view'],
    ['search', 'A spike', '36h', ''],
  );
  expect(code).toBe(0);
  expect(asked).toContain('Team: ');
  expect(asked).toContain('Size: small (2 CPU, 20 GiB), medium (5 CPU, 50 GiB) or large (10 CPU, 100 GiB) [large]: ');
  expect(asked).not.toContain('Owner');
  expect(only(objects, 'Namespace').metadata.annotations).toMatchObject({ purpose: 'A spike', ttl: '36h' });
  expect(only(objects, 'RoleBinding').subjects).toEqual([
    expect.objectContaining({ kind: 'Group', name: 'oidc:search' }),
  ]);
  expect(only(objects, 'ClusterRoleBinding').roleRef.name).toBe('view');
});

test.each<[string, string[], string]>([
  [
    'what is missing',
    ['--owner', 'jane', '--ttl', '1d'],
    '--team, --purpose: missing\n\nUsage: cdk8s-developer-namespace',
  ],
  ['an unknown size', [...FLAGS, '--size', 'huge'], "--size: got 'huge', expected small, medium, large\n"],
  ['an unknown unit', [...FLAGS, '--ttl', '5w'], "--ttl: got '5w', expected hours or days, such as 36h or 5d\n"],
  [
    'a long life',
    [...FLAGS, '--ttl', '400d'],
    "prop 'ttl': got 34560000 s, expected a Duration of whole hours, 1 to 8760",
  ],
  ['a bad team', [...FLAGS, '--team', 'a b'], "prop 'team': got 'a b'"],
  ['an unknown option', [...FLAGS, '--color'], "Unknown option '--color'"],
])('the allocator refuses %s, and writes nothing', async (_title, words, message) => {
  const { code, text, asked } = await run(words);
  expect([code, text, asked]).toEqual([1, '', expect.stringContaining(message)]);
});

test('the Namespace can be told from the rest by its label, and the usage and the guide have the same commands (CH02-23)', async () => {
  const { objects } = await run(FLAGS);
  expect(
    objects
      .filter(({ metadata }) => metadata.labels['cdk8s-best-practices.dev/expires'] === 'true')
      .map(({ kind }) => kind as string),
  ).toEqual(['Namespace']);
  const commands =
    'kubectl create -f namespace.yaml -l cdk8s-best-practices.dev/expires=true && kubectl apply --server-side -f namespace.yaml\n';
  expect((await run(['--help'])).text).toContain(commands);
  expect(readFileSync(resolve(__dirname, '../../docs/developer-namespaces.md'), 'utf8')).toContain(commands);
});

test('the allocator explains itself', async () => {
  expect(await run(['--help'])).toMatchObject({
    code: 0,
    asked: '',
    text: expect.stringMatching(/^Usage: cdk8s-developer-namespace/),
  });
  expect((await run(['--help'])).text).toContain(
    'outlives the namespace\n                     as the ClusterRoleBinding NAME-view\n',
  );
});
