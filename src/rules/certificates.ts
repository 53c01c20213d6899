import type { IConstruct } from 'constructs';
import { warningAt } from './verdicts';
import { placedIn } from '../admission/placed';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import { list, part, textAt } from '../kernel/schema/manifest';
import type {} from '../network/outside';

const ISSUER = 'cert-manager.io/issuer';
const CLUSTER_ISSUER = 'cert-manager.io/cluster-issuer';
const INGRESS = 'networking.k8s.io/Ingress';

/** An object that causes a TLS Secret to be written. */
interface Request {
  readonly at: IConstruct;
  readonly title: string;
  readonly cluster: string;
  readonly secret: string;
  readonly hosts: readonly string[];
  readonly isOwn: boolean;
}

const certificates: LibraryRule = {
  kinds: ['routing', 'object'],
  warns: true,
  judge: (view) => {
    const foreign = foreignRequests(view);
    if (foreign.length === 0) return [];
    const requests = [...ownRequests(view), ...foreign];
    const bySecret = groupBy(requests, ({ secret }) => secret);
    const byHost = new Map<string, Request[]>();
    for (const request of requests) {
      for (const host of request.hosts) {
        const key = `${request.cluster}\n${host}`;
        byHost.set(key, [...(byHost.get(key) ?? []), request]);
      }
    }
    const secrets = [...bySecret.values()].flatMap((same) =>
      othersOf(same).map((request) => twice(request, same[0], `Secret '${request.secret.split('\n').at(-1)}'`)),
    );
    const hosts = [...byHost].flatMap(([key, same]) =>
      othersOf(same)
        .filter(({ secret }) => secret !== same[0].secret)
        .map((request) => twice(request, same[0], `a certificate of '${key.split('\n')[1]}'`)),
    );
    return [...secrets, ...hosts];
  },
};

/** Another rule judges two routings. */
function othersOf(same: readonly Request[]): Request[] {
  return same.slice(1).filter(({ isOwn }) => !isOwn || !same[0].isOwn);
}

function twice({ at, title }: Request, other: Request, what: string): Verdict {
  return warningAt(at, {
    rule: 'routing/two-certificates',
    got: `${what}, as ${other.title} asks for`,
    expected: 'one owner',
    text:
      `${title} asks for ${what}, and so does ${other.title}: request it once, and name its Secret in the other one ` +
      'with Tls.secret(SecretRef.named(...))',
  });
}

function ownRequests(view: PassView): Request[] {
  return view.all('routing').flatMap(({ owner, host, tls, certificateAt }) => {
    if (tls === undefined || tls.external) return [];
    const cluster = clusterOf(owner).name;
    const secret = `${placeOf(cluster, namespaceOf(certificateAt))}\n${tls.secretName}`;
    return [{ at: owner, title: `'${owner.node.path}'`, cluster, secret, hosts: [host], isOwn: true }];
  });
}

function foreignRequests(view: PassView): Request[] {
  const of = (object: ForeignObject, name: string | undefined, hosts: readonly unknown[]): Request[] =>
    name === undefined
      ? []
      : [
          {
            at: object.at,
            title: object.title,
            cluster: object.cluster,
            secret: `${object.place}\n${name}`,
            hosts: hosts.filter((host) => typeof host === 'string'),
            isOwn: false,
          },
        ];
  return [
    ...foreignOf(view, INGRESS)
      .filter((object) => (annotationOf(object, ISSUER) ?? annotationOf(object, CLUSTER_ISSUER)) !== undefined)
      .flatMap((object) =>
        list(part(object.wire, 'spec', 'tls')).flatMap((tls) =>
          of(object, textAt(tls, 'secretName'), list(part(tls, 'hosts'))),
        ),
      ),
    ...foreignOf(view, 'cert-manager.io/Certificate').flatMap((object) =>
      of(object, textAt(object.wire, 'spec', 'secretName'), list(part(object.wire, 'spec', 'dnsNames'))),
    ),
    ...foreignOf(view, 'core/Secret').flatMap((object) => of(object, object.name, [])),
  ];
}

function annotationOf({ wire }: ForeignObject, key: string): string | undefined {
  return textAt(wire, 'metadata', 'annotations', key);
}

const nodePorts: LibraryRule = {
  kinds: ['routing', 'object'],
  warns: true,
  judge: (view) =>
    view.all('routing').flatMap(({ owner, tls, certificateAt }) => {
      const namespace = namespaceOf(certificateAt);
      if (tls?.solver !== 'NodePort' || namespace === undefined) return [];
      const placed = placedIn(view, owner, namespace);
      const refuses = (placed?.ofResource('resourcequotas') ?? []).some(
        (quota) => String(part(placed?.wireOf(quota), 'spec', 'hard', 'services.nodeports')) === '0',
      );
      if (!refuses) return [];
      return [
        warningAt(owner, {
          rule: 'routing/solver-node-port',
          prop: 'tls.solverService',
          got: `'NodePort' in namespace '${namespace}', whose quota has no node ports`,
          expected: "'ClusterIP', in the issuer as well",
          text:
            `tls.solverService: the quota of namespace '${namespace}' admits no NodePort, the type of the Service ` +
            'with which cert-manager proves the host. Set http01.ingress.serviceType: ClusterIP in the issuer, and ' +
            "write solverService: 'ClusterIP' here; or use challenge: 'dns01'",
        }),
      ];
    }),
};

export const RULES = [certificates, nodePorts];
