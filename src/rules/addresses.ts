import type { IConstruct } from 'constructs';
import { type NamedAddress, namedAddresses } from './client-texts';
import type { PodSet } from './pod-sets';
import { letsIn, letsOut, type PodPort } from './reach';
import { allServices, type KnownService, serviceAt, type ServicePort, targetOf } from './services';
import { warningAt } from './verdicts';
import { foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { keyPart, pathText } from '../kernel/findings/prop-path';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import { namingsOf } from '../kernel/model/same-cluster';
import { list, part } from '../kernel/schema/manifest';
import { serviceNameOf } from '../kubernetes/address-text';
import { maySelect } from '../kubernetes/label-selector';
import { podTemplateOf } from '../kubernetes/pod-template';
import { isClient } from '../network/clients';
import { type Edge, edgesFrom } from '../network/edges';
import { isolationOf } from '../network/isolation';
import { podsOf } from '../network/networked-pods';
import type { NamedTargetFact } from '../network/outside';
import type { IPeer } from '../network/peer';
import { edgesOf, usableEdges } from '../network/usable-edges';
import { SCRAPE, SCRAPE_PORT } from '../parts/service';

/** Texts that name a Service of the app on a port that it does not have, or that its policy does not open. */
const addresses: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const seen = new Set<string>();
    return namedAddresses(view).flatMap((named) => {
      const service = serviceOfAddress(view, named);
      if (service === undefined || isOwn(named.client, service) || isOnHostNetwork(named.client)) return [];
      const found = judgeAddress(view, named, service);
      const key = [
        named.client.at.node.path,
        named.client.foreign?.name,
        service.place,
        service.name,
        named.address.port,
      ];
      const once = key.join('\n');
      if (found === undefined || seen.has(once)) return [];
      seen.add(once);
      return [found];
    });
  },
};

/** The Service of the app that an address means. */
export function serviceOfAddress(view: PassView, named: NamedAddress): KnownService | undefined {
  return serviceOf(view, named) ?? externalOf(view, named);
}

function serviceOf(view: PassView, { client, address }: NamedAddress): KnownService | undefined {
  const named = serviceNameOf(address.host);
  if (named === undefined) return undefined;
  const cluster = clusterOf(client.at).name;
  return serviceAt(view, placeOf(cluster, named.namespace ?? client.namespace), named.name);
}

/** The Service of a target outside of the cluster that the text names by its host. Ports are those of the target. */
function externalOf(view: PassView, { client, address }: NamedAddress): KnownService | undefined {
  const targets = view.derive(targetsByHost).get(address.host.toLowerCase()) ?? [];
  const cluster = clusterOf(client.at).name;
  const target = targets.find(({ owner }) => clusterOf(owner).name === cluster);
  const service = target && serviceAt(view, placeOf(cluster, namespaceOf(target.owner)), target.service);
  return service && { ...service, ports: [] };
}

function targetsByHost(view: PassView): Map<string, NamedTargetFact[]> {
  return groupBy(view.all('namedTarget'), ({ host }) => host);
}

/** A process that names its own Service tells others its address; it does not connect. */
function isOwn(client: PodSet, { pods, block }: KnownService): boolean {
  return pods.includes(client) || (block !== undefined && block === client.ours?.owner);
}

/** Pods with the address of their node: no policy with labels matches them, and other rules report that. */
function isOnHostNetwork({ ours, foreign }: PodSet): boolean {
  if (foreign) return part(podTemplateOf(foreign.wire)?.pod, 'spec', 'hostNetwork') === true;
  return (ours?.owner as Partial<IPeer> | undefined)?.toPeer?.()._hostNetwork ?? false;
}

/** Why the client does not reach the Service of an address. */
export function judgeAddress(view: PassView, named: NamedAddress, service: KnownService): Verdict | undefined {
  const { address } = named;
  const wanted =
    address.port === undefined || service.headless
      ? service.ports
      : service.ports.filter(({ port }) => port === address.port);
  if (wanted.length === 0 && service.ports.length > 0) {
    // a short name with a number in a longer text may mean something else
    return address.certain ? missingPort(named, service) : undefined;
  }
  if (service.pods.length === 0) return isLetOutTo(named.client, service) ? undefined : closed(named, service);
  const isOpen = service.pods.some((server) =>
    portsOf(named, service, wanted, server).some(
      (port) => letsIn(view, named.client, server, port) && letsOut(view, named.client, server, port),
    ),
  );
  return isOpen ? undefined : closed(named, service);
}

/** The ports of the pods that the address leads to. */
function portsOf(
  { address }: NamedAddress,
  { headless }: KnownService,
  wanted: readonly ServicePort[],
  server: PodSet,
): PodPort[] {
  if (headless && address.port !== undefined) return [{ port: address.port, protocol: 'TCP' }];
  return wanted.map((port) => targetOf(port, server));
}

/** Whether the client may leave for a Service without pods, such as an external one, which has no policy. */
function isLetOutTo(client: PodSet, { block }: KnownService): boolean {
  const owner = client.ours?.owner;
  if (owner === undefined || !isClient(owner) || !owner.egressClosed || isolationOf(owner)?.observed) return true;
  return (
    edgesFrom(owner).some((edge) => edge.owner === block) ||
    usableEdges(owner).some((edge) => edge.direction === 'egress' && edge.block !== undefined && edge.block === block)
  );
}

function missingPort(named: NamedAddress, service: KnownService): Verdict {
  const ports = service.ports.map(({ port }) => port).join(', ');
  const text = addressText(named);
  return warningAt(named.client.at, {
    rule: 'network/address-port',
    prop: named.prop,
    got: `'${text}'`,
    expected: `a port of Service '${service.name}' (${ports})`,
    text: `${placeText(named)}'${text}' names a port that Service '${service.name}' does not have. Write ${ports}`,
  });
}

function closed(named: NamedAddress, service: KnownService): Verdict {
  const text = addressText(named);
  const client = named.client.at.node.path;
  const server = (service.block ?? service.at).node.path;
  const fix =
    named.client.ours && service.block
      ? `Connect '${client}' to '${server}' with connectTo, which writes the variables, or open it with allowFrom`
      : service.block
        ? `Open '${server}' with allowFrom(Peer.pods(...))`
        : `List it in 'egressTo' of '${client}', or admit the pods in a NetworkPolicy`;
  return warningAt(named.client.at, {
    rule: 'network/address-without-connection',
    prop: named.prop,
    got: `'${text}'`,
    expected: `a declared connection to '${server}'`,
    text:
      `${placeText(named)}'${text}' is '${server}', and no connection to it is declared: its policy denies them. ` +
      fix,
  });
}

function placeText({ client, prop, where }: NamedAddress): string {
  if (prop !== '') return `${pathText(prop)}: `;
  return client.foreign ? `${client.foreign.title}, ${where}: ` : `${where}: `;
}

function addressText({ address: { host, port } }: NamedAddress): string {
  return port === undefined ? host : `${host}:${port}`;
}

/**
 * A Service of ours whose pods admit only each other. An app without any connection may have its policies elsewhere, or
 * may be a unit test of one block.
 */
const unreachable: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    if (view.all('edge').every(({ direction, owner, block }) => direction === 'egress' || block === owner)) return [];
    const opened = view.derive(openedByOthers);
    return servingBlocks(view).flatMap(({ pods, name, block }) => {
      const owner = block!;
      const isOpen =
        isolationOf(owner)?.observed === true ||
        edgesOf(owner).some((edge) => edge.direction === 'ingress' && edge.block !== owner) ||
        pods.some((set) => opened(set));
      if (isOpen) return [];
      return [
        warningAt(owner, {
          rule: 'network/unreachable-service',
          got: `Service '${name}', without clients`,
          expected: 'at least one allowed client',
          text:
            `no client may connect to Service '${name}'. Connect a client with connectTo, route to it, or open it ` +
            'with allowFrom',
        }),
      ];
    });
  },
};

/** Services with pods of a block, each block once. */
function servingBlocks(view: PassView): KnownService[] {
  const seen = new Set<unknown>();
  return allServices(view).filter(({ block, pods }) => {
    if (block === undefined || seen.has(block) || !pods.some(({ ours }) => ours?.owner === block)) return false;
    seen.add(block);
    return true;
  });
}

/** Finds out whether a foreign policy admits any client to pods. */
function openedByOthers(view: PassView): (pods: PodSet) => boolean {
  const policies = foreignOf(view, 'networking.k8s.io/NetworkPolicy').filter(
    ({ wire }) => list(part(wire, 'spec', 'ingress')).length > 0,
  );
  return ({ place, labels }) =>
    policies.some(
      (policy) => policy.place === place && maySelect(part(policy.wire, 'spec', 'podSelector') ?? {}, labels),
    );
}

/** Pods with a scrape annotation, on themselves or on their Service, that admit no scraper. */
const scraping: LibraryRule = {
  kinds: ['podTemplate', 'scraped'],
  warns: true,
  judge: (view) => [
    ...view
      .all('podTemplate')
      .flatMap(({ owner, pod: { annotations } }) =>
        SCRAPE in annotations ? scrapedBy(view, owner, annotations, 'podAnnotations') : [],
      ),
    ...view
      .all('scraped')
      .flatMap(({ owner, annotations }) => scrapedBy(view, owner, annotations, 'service.annotations')),
  ],
};

function scrapedBy(view: PassView, owner: IConstruct, annotations: Record<string, string>, prop: string): Verdict[] {
  if (annotations[SCRAPE] !== 'true') return [];
  const stated = Number(annotations[SCRAPE_PORT]);
  const port = Number.isInteger(stated) ? stated : podsOf(owner)?.ports()[0]?.port;
  const at = `${prop}${keyPart(SCRAPE)}`;
  return isOpenToScraper(view, owner, port) ? [] : [unreachableMetrics(owner, at, "'true'", port, `${at}: `)];
}

/** Whether a declared connection may be that of a scraper to a port. */
export function isOpenToScraper(view: PassView, owner: IConstruct, port: number | undefined): boolean {
  if (isolationOf(owner)?.observed) return true;
  return edgesOf(owner).some(
    (edge) =>
      edge.direction === 'ingress' &&
      (edge.ports.length === 0 || port === undefined || edge.ports.some((known) => known.port === port)) &&
      mayScrape(view, edge),
  );
}

/** `asked` is what asks for scraping. */
export function unreachableMetrics(
  owner: IConstruct,
  prop: string,
  asked: string,
  port: number | undefined,
  subject: string,
): Verdict {
  const what = port === undefined ? 'the pods' : `port ${port}`;
  return warningAt(owner, {
    rule: 'network/unreachable-metrics',
    prop,
    got: `${asked}, and no connection from a scraper to ${what}`,
    expected: 'a declared connection from the scraper',
    text:
      `${subject}no scraper may connect to ${what}. Open it with ` +
      "allowFrom(Peer.pods(...)), such as pods with namespace: 'monitoring'",
  });
}

const SCRAPER = /prom|metric|monitor|scrap|otel|collect|agent|grafana|victoria/i;

/**
 * Whether a client may be a scraper. A client from outside is none, and neither is one that calls `connectTo`, unless
 * its name suggests a scraper.
 */
function mayScrape(view: PassView, { owner, block, fromOutside }: Edge): boolean {
  if (fromOutside || block === owner) return false;
  if (block === undefined || SCRAPER.test(block.node.path)) return true;
  const namings = namingsOf(view, block).filter(({ other }) => other === owner);
  return namings.length === 0 || namings.some(({ prop }) => prop !== 'connectTo');
}

export const RULES = [addresses, unreachable, scraping];
