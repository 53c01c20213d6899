import type { Answer, Api } from './api';
import type { Manifest } from './cluster';
import { eventually } from '../../rig/processes';

/** What the API server made of objects. */
export interface Admission {
  /** Messages of refusals by quotas, LimitRanges and Pod Security. */
  readonly refused: readonly string[];
  /** What quotas count afterwards, by `<quota> <key>`. */
  readonly used: Readonly<Record<string, string>>;
}

/** Kinds that no test has, and that quotas can count: with none allowed, a refusal shows that the quota is in force. */
const MARKERS: ReadonlyArray<readonly [key: string, manifest: Manifest]> = [
  [
    'count/podtemplates',
    { apiVersion: 'v1', kind: 'PodTemplate', template: { spec: { containers: [{ name: 'main', image: 'none' }] } } },
  ],
  [
    'count/replicationcontrollers',
    {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      spec: {
        replicas: 0,
        selector: { app: 'none' },
        template: { metadata: { labels: { app: 'none' } }, spec: { containers: [{ name: 'main', image: 'none' }] } },
      },
    },
  ],
];

/**
 * Creates the namespace, the quotas and the LimitRanges among `manifests`, and waits until admission goes by them: it
 * learns of them a moment after they were created, and lets all pass until then.
 */
export async function enforce(api: Api, namespace: string, manifests: readonly Manifest[]): Promise<void> {
  const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  for (const manifest of ofKind('Namespace')) await api.apply(manifest);
  await Promise.all(
    ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'].map(async (path) =>
      eventually(`${path} in ${namespace}`, async () =>
        found(await api.request('GET', `/api/v1/namespaces/${namespace}/${path}`)),
      ),
    ),
  );
  for (const manifest of ofKind('LimitRange')) await enforceLimits(api, namespace, manifest);
  await Promise.all(
    ofKind('ResourceQuota').map(async (manifest, index) => enforceQuota(api, namespace, manifest, MARKERS[index])),
  );
}

async function enforceQuota(
  api: Api,
  namespace: string,
  manifest: Manifest,
  [key, counted]: (typeof MARKERS)[number],
): Promise<void> {
  const { scopes, scopeSelector, hard } = manifest.spec;
  // a quota with scopes counts pods only
  const marked = scopes === undefined && scopeSelector === undefined ? { ...hard, [key]: '0' } : hard;
  await api.apply({ ...manifest, spec: { ...manifest.spec, hard: marked } });
  await eventually(`a status of quota ${manifest.metadata.name}`, async () => {
    const { body } = await api.request(
      'GET',
      `/api/v1/namespaces/${namespace}/resourcequotas/${manifest.metadata.name}`,
    );
    expect(Object.keys(body.status.used ?? {}).sort()).toEqual(Object.keys(marked).sort());
  });
  if (marked === hard) return;
  await eventually(`quota ${manifest.metadata.name} in force`, async () => {
    const { body } = await api.dryRun({ ...counted, metadata: { name: 'marker', namespace } });
    expect(body.message).toContain(`exceeded quota: ${manifest.metadata.name},`);
  });
}

let limitRanges = 0;

/**
 * Creates a LimitRange, and waits until it is in force: by a bound of claims that no other has, which shows in a
 * refusal. It is far below the claims of tests, or far above where the LimitRange has a minimum of its own.
 */
export async function enforceLimits(api: Api, namespace: string, manifest: Manifest): Promise<void> {
  limitRanges++;
  const rules = manifest.spec.limits as Manifest[];
  const ofClaims = rules.find(({ type }) => type === 'PersistentVolumeClaim') ?? { type: 'PersistentVolumeClaim' };
  const [side, bound, storage] =
    ofClaims.min === undefined
      ? ['min', String(1_000_000 + limitRanges), '1']
      : ['max', String(1_000_000_000_000_000 + limitRanges), '2P'];
  await api.apply({
    ...manifest,
    spec: { limits: [...rules.filter((rule) => rule !== ofClaims), { ...ofClaims, [side]: { storage: bound } }] },
  });
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'marker', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  };
  await eventually(`LimitRange ${manifest.metadata.name} in force`, async () =>
    expect((await api.dryRun(claim)).body.message).toContain(` is ${bound}, but`),
  );
}

/** Creates objects for good, since dry runs take nothing from a quota: all at once, one list after the other. */
export async function offerAll(
  api: Api,
  namespace: string,
  ...lists: ReadonlyArray<readonly Manifest[]>
): Promise<Admission> {
  const refused: string[] = [];
  for (const list of lists) {
    const answers = await Promise.all(list.map(async (manifest) => settled(api, manifest)));
    refused.push(...answers.filter(({ status }) => status === 403).map(({ body }) => body.message as string));
    const wrong = answers.find(({ status }) => status >= 300 && status !== 403);
    if (wrong) throw new Error(`${wrong.status}: ${wrong.body.message}`);
  }
  return { refused, used: await usedIn(api, namespace) };
}

/** Quota and controllers can meet in the status of a quota. */
async function settled(api: Api, manifest: Manifest): Promise<Answer> {
  return eventually(
    `an answer for ${manifest.kind} ${manifest.metadata.name}`,
    async () => {
      const answer = await api.offer(manifest);
      if (
        answer.status === 409 ||
        answer.status >= 500 ||
        /status unknown for quota/.test(answer.body.message as string)
      ) {
        throw new Error(answer.body.message as string);
      }
      return answer;
    },
    10,
  );
}

export async function usedIn(api: Api, namespace: string): Promise<Record<string, string>> {
  const { body } = await api.request('GET', `/api/v1/namespaces/${namespace}/resourcequotas`);
  return Object.fromEntries(
    (body.items as Manifest[]).flatMap(({ metadata, status }) =>
      Object.entries(status.used as Record<string, string>)
        .filter(([key]) => !MARKERS.some(([marker]) => marker === key))
        .map(([key, amount]) => [`${metadata.name} ${key}`, amount]),
    ),
  );
}

function found({ status, body }: Answer): void {
  if (status !== 200) throw new Error(body.message as string);
}
