import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type PodSet, selectedPods } from './pod-sets';
import type { PodPort } from './reach';
import { foreignOf, placeOf } from '../foreign/foreign-objects';
import { isOwn } from '../kernel/facts/own-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { wireOf } from '../kernel/model/wire';
import { list, part, textAt, textsAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';
import { podTemplateOf } from '../kubernetes/pod-template';

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  /** Number or name of the port of the pods. */
  readonly target: number | string;
}

/** A Service of the app, from any library. */
export interface KnownService {
  readonly name: string;
  readonly place: string;
  /** The object that it is in. */
  readonly at: ApiObject;
  /** The block that owns it. */
  readonly block?: IConstruct;
  readonly ports: readonly ServicePort[];
  /** Whether the name resolves to the addresses of the pods. The ports of the Service then have no effect. */
  readonly headless: boolean;
  /** Its labels, which monitors select. */
  readonly labels: () => Readonly<Record<string, string>>;
  /** Empty for a Service of something outside the cluster. */
  readonly pods: readonly PodSet[];
}

/** The Service with a name in a namespace of a cluster. */
export function serviceAt(view: PassView, place: string, name: string): KnownService | undefined {
  const entry = view.derive(servicesByName).get(`${place}\n${name}`);
  return entry?.();
}

/** All Services. Each is read once, on first use. */
export function allServices(view: PassView): KnownService[] {
  return [...view.derive(servicesByName).values()].map((read) => read());
}

function servicesByName(view: PassView): Map<string, () => KnownService> {
  const found = new Map<string, () => KnownService>();
  const add = (
    place: string,
    name: string,
    at: ApiObject,
    block: IConstruct | undefined,
    wire: () => unknown,
  ): void => {
    let known: KnownService | undefined;
    found.set(`${place}\n${name}`, () => (known ??= readService(view, { place, name, at, block }, wire())));
  };
  for (const service of foreignOf(view, 'core/Service')) {
    add(service.place, service.name, service.at, undefined, () => service.wire);
  }
  for (const object of view.objects) {
    if (object.kind !== 'Service' || object.apiGroup !== 'core' || !isOwn(object)) continue;
    const place = placeOf(clusterOf(object).name, landingNamespace(object));
    add(place, object.name, object, object.node.scope, () => wireOf(object));
  }
  return found;
}

function readService(
  view: PassView,
  service: Pick<KnownService, 'place' | 'name' | 'at' | 'block'>,
  wire: unknown,
): KnownService {
  const spec = part(wire, 'spec');
  const selector = part(spec, 'selector');
  const { at, block } = service;
  return {
    ...service,
    // the wire of our objects has no labels
    labels: () => (block === undefined ? textsAt(wire, 'metadata', 'labels') : textsAt(at.metadata.toJson(), 'labels')),
    headless: part(spec, 'clusterIP') === 'None',
    ports: list(part(spec, 'ports')).flatMap((entry): ServicePort[] => {
      const [port, target] = [part(entry, 'port'), part(entry, 'targetPort')];
      if (typeof port !== 'number') return [];
      return [
        {
          name: textAt(entry, 'name'),
          port,
          protocol: textAt(entry, 'protocol') ?? 'TCP',
          target: typeof target === 'number' || typeof target === 'string' ? target : port,
        },
      ];
    }),
    pods: selector === undefined ? [] : selectedPods(view, service.place, { matchLabels: selector }),
  };
}

/** The port of the pods that a port of the Service leads to. */
export function targetOf({ target, protocol }: ServicePort, pods: PodSet): PodPort {
  return { port: typeof target === 'number' ? target : namedPort(target, pods), protocol };
}

export function namedPort(name: string, { ours, foreign }: PodSet): number | undefined {
  const own = ours?.ports().find((port) => port.name === name)?.port;
  if (own !== undefined || foreign === undefined) return own;
  const ports = list(part(podTemplateOf(foreign.wire)?.pod, 'spec', 'containers')).flatMap((container) =>
    list(part(container, 'ports')),
  );
  const number = part(
    ports.find((port) => part(port, 'name') === name),
    'containerPort',
  );
  return typeof number === 'number' ? number : undefined;
}
