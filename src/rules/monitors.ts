import type { IConstruct } from 'constructs';
import { isOpenToScraper, unreachableMetrics } from './addresses';
import { type PodSet, podSets, selectedPods } from './pod-sets';
import { allServices, type KnownService, namedPort, targetOf } from './services';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { isPlain } from '../kernel/schema/checks';
import { list, part, textAt } from '../kernel/schema/manifest';
import { type LabelSelector, maySelect } from '../kubernetes/label-selector';

/** A port of pods that a monitor of the Prometheus Operator scrapes. */
interface Target {
  readonly pods: PodSet;
  readonly port: number;
}

/** Monitors that select pods of a block, which lets no scraper in. */
const monitors: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) => {
    const seen = new Set<string>();
    return foreignOf(view, 'monitoring.coreos.com/PodMonitor', 'monitoring.coreos.com/ServiceMonitor').flatMap(
      (monitor) =>
        targetsOf(view, monitor).flatMap(({ pods, port }): Verdict[] => {
          const owner = pods.ours?.owner;
          if (owner === undefined || isOpenToScraper(view, owner, port) || !isFirst(seen, owner, port)) return [];
          return [unreachableMetrics(owner, '', monitor.title, port, `${monitor.title} scrapes these pods: `)];
        }),
    );
  },
};

function isFirst(seen: Set<string>, owner: IConstruct, port: number): boolean {
  const once = `${owner.node.path}\n${port}`;
  if (seen.has(once)) return false;
  seen.add(once);
  return true;
}

function targetsOf(view: PassView, monitor: ForeignObject): Target[] {
  const spec = part(monitor.wire, 'spec');
  const selector = part(spec, 'selector');
  if (!isPlain(selector)) return [];
  const places = placesOf(view, monitor);
  if (monitor.kind === 'PodMonitor') {
    const endpoints = list(part(spec, 'podMetricsEndpoints'));
    return places
      .flatMap((place) => selectedPods(view, place, selector))
      .flatMap((pods) => endpoints.flatMap((endpoint) => targetIn(pods, endpoint)));
  }
  const endpoints = list(part(spec, 'endpoints'));
  return allServices(view)
    .filter(({ place, labels }) => places.includes(place) && maySelect(selector as LabelSelector, labels(), () => true))
    .flatMap((service) => service.pods.flatMap((pods) => endpoints.flatMap((one) => targetBehind(service, pods, one))));
}

/** The namespaces in which a monitor looks: its own, those that it names, or any. */
function placesOf(view: PassView, { wire, cluster, place }: ForeignObject): readonly string[] {
  const namespaces = part(wire, 'spec', 'namespaceSelector');
  if (part(namespaces, 'any') === true) {
    const prefix = placeOf(cluster, undefined);
    return [...new Set(podSets(view).map((pods) => pods.place))].filter((one) => one.startsWith(prefix));
  }
  const named = list(part(namespaces, 'matchNames')).filter((name) => typeof name === 'string');
  return named.length === 0 ? [place] : named.map((name) => placeOf(cluster, name));
}

/** Without a port that the pods have, there is nothing to scrape. */
function targetIn(pods: PodSet, endpoint: unknown): Target[] {
  const [name, stated] = [textAt(endpoint, 'port'), part(endpoint, 'portNumber') ?? part(endpoint, 'targetPort')];
  const port = name === undefined ? stated : namedPort(name, pods);
  return typeof port === 'number' ? [{ pods, port }] : [];
}

function targetBehind({ ports }: KnownService, pods: PodSet, endpoint: unknown): Target[] {
  const name = textAt(endpoint, 'port');
  if (name === undefined) return targetIn(pods, endpoint);
  const known = ports.find((port) => port.name === name);
  const port = known && targetOf(known, pods).port;
  return port === undefined ? [] : [{ pods, port }];
}

export const RULES = [monitors];
