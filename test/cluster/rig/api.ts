import { readFileSync } from 'node:fs';
import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { type Cluster, type Manifest } from './cluster';
import { eventually } from '../../rig/processes';

export interface Answer {
  readonly status: number;
  readonly body: Manifest;
  /** What kubectl would print as `Warning:`. */
  readonly warnings: readonly string[];
}

/**
 * A client of the API server that shows warnings and asks for strict validation, fast enough for thousands of dry runs.
 * The clients of the npm registry show neither for objects of any kind, and kubectl takes 60 ms to start.
 */
export class Api {
  private readonly agent: Agent;
  private readonly server: URL;
  private readonly headers: OutgoingHttpHeaders;
  private readonly resources = new Map<string, Promise<Map<string, { plural: string; namespaced: boolean }>>>();

  /** `headers`: who asks, where that is not the administrator. */
  public constructor(cluster: Cluster, headers: OutgoingHttpHeaders = {}) {
    const config = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')) as Manifest;
    const { server, 'certificate-authority-data': certificate } = config.clusters[0].cluster;
    this.server = new URL(server as string);
    this.headers = { authorization: `Bearer ${config.users[0].user.token}`, ...headers };
    this.agent = new Agent({ keepAlive: true, maxSockets: 16, ca: Buffer.from(certificate as string, 'base64') });
  }

  public async request(
    method: string,
    path: string,
    body?: Manifest,
    contentType = 'application/json',
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.server),
        {
          method,
          agent: this.agent,
          headers: { ...this.headers, 'content-type': contentType },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('error', reject);
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const json = response.headers['content-type']?.startsWith('application/json');
            resolve({
              status: response.statusCode ?? 0,
              body: json ? (JSON.parse(text) as Manifest) : { message: text },
              warnings: warningsOf(response.rawHeaders),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.setTimeout(60_000, () => sent.destroy(new Error(`${method} ${path}: no answer in 60 s`)));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Server-side apply with strict validation, as a dry run: what `kubectl apply --server-side` would meet. */
  public async dryRun(manifest: Manifest): Promise<Answer> {
    return this.offer(manifest, '&dryRun=All');
  }

  /** Server-side apply; the answer may be a refusal. */
  public async offer(manifest: Manifest, more = ''): Promise<Answer> {
    const path = `${await this.collectionOf(manifest)}/${encodeURIComponent(manifest.metadata.name as string)}`;
    return this.request(
      'PATCH',
      `${path}?fieldValidation=Strict&fieldManager=test&force=true${more}`,
      manifest,
      'application/apply-patch+yaml',
    );
  }

  /** Server-side apply; fails when the API server refuses. */
  public async apply(manifest: Manifest): Promise<void> {
    const { status, body } = await this.offer(manifest);
    if (status >= 300) throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${body.message}`);
  }

  /** The objects of a list after each change while `work` runs: none is missed, however short it lasts. */
  public async statesDuring(list: string, work: () => Promise<unknown>): Promise<Manifest[][]> {
    const { body } = await this.request('GET', list);
    const current = new Map((body.items as Manifest[]).map((item) => [item.metadata.uid as string, item]));
    const states = [[...current.values()]];
    const watch = this.watch(
      `${list}?watch=true&resourceVersion=${body.metadata.resourceVersion}`,
      ({ type, object }) => {
        if (type === 'ERROR') throw new Error(`GET ${list}: ${object.message}`);
        if (type === 'DELETED') current.delete(object.metadata.uid as string);
        else current.set(object.metadata.uid as string, object as Manifest);
        states.push([...current.values()]);
      },
    );
    try {
      await work();
      await eventually('the watch has told all', async () => {
        const now = (await this.request('GET', list)).body.items as Manifest[];
        expect([...current.values()].map(revision).sort()).toEqual(now.map(revision).sort());
      });
    } finally {
      watch.destroy();
    }
    return states;
  }

  private watch(path: string, told: (event: Manifest) => void): ClientRequest {
    // the end of the watch is an abort; an earlier one shows in what it has not told
    const ignore = (): void => undefined;
    const sent = request(new URL(path, this.server), { agent: this.agent, headers: this.headers }, (response) => {
      response.on('error', ignore);
      createInterface(response)
        .on('error', ignore)
        .on('line', (line) => told(JSON.parse(line) as Manifest));
    });
    return sent.on('error', ignore).end();
  }

  public close(): void {
    this.agent.destroy();
  }

  /** The path of all objects of a manifest's kind, in its namespace. */
  private async collectionOf({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const group = (apiVersion as string).includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = this.resources.get(group) ?? this.discover(group);
    this.resources.set(group, known);
    const resource = (await known).get(kind as string);
    if (resource === undefined) throw new Error(`the API server knows no ${kind} in ${apiVersion}`);
    return resource.namespaced
      ? `${group}/namespaces/${metadata.namespace ?? 'default'}/${resource.plural}`
      : `${group}/${resource.plural}`;
  }

  private async discover(group: string): Promise<Map<string, { plural: string; namespaced: boolean }>> {
    const { status, body } = await this.request('GET', group);
    if (status !== 200) throw new Error(`GET ${group}: ${body.message}`);
    const resources = (body.resources as Manifest[]).filter(({ name }) => !(name as string).includes('/'));
    return new Map(resources.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }]));
  }
}

const revision = ({ metadata }: Manifest): string => `${metadata.uid} ${metadata.resourceVersion}`;

/** The texts of `Warning: 299 - "text"` headers. */
function warningsOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === 'warning')
    .flatMap((value) =>
      [...value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text.replace(/\\(.)/g, '$1')),
    );
}
