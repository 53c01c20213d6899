import type { IConstruct } from 'constructs';
import type {} from '../access/workload-identity';
import { judgeAddress, serviceOfAddress } from './addresses';
import type { NamedAddress } from './client-texts';
import { refuses, warns } from './define';
import type { PodSet } from './pod-sets';
import { allServices, serviceAt } from './services';
import { placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import type {} from '../kernel/model/dropped-keys';
import { namespaceOf } from '../kernel/model/names';
import { addressesIn, serviceNameOf } from '../kubernetes/address-text';
import { overlapOf } from '../kubernetes/cron-windows';
import { OPERATOR_LABELS, operatorNamespace } from '../network/keda-operator';
import type { EventScalingFact } from '../parts/event-scaling';
import { reachesZero } from '../parts/events/read-event-scaling';

/** Clients of a Service without pods get errors, and KEDA does not see them. */
const refusedAtZero = warns('eventScaling', ({ owner, scaling }, view) => {
  const { min, requestsAtZero } = scaling;
  if (!reachesZero(scaling) || requestsAtZero !== undefined) return [];
  if (!view.derive(blocksWithService).has(owner)) return [];
  const prop = min === 0 ? 'autoscaling.min' : 'autoscaling.zeroWhenIdle';
  const given = min === 0 ? '0' : 'true';
  return [
    {
      rule: 'scaling/refused-at-zero',
      prop,
      got: `${given}, and nothing that holds requests`,
      expected: "'requestsAtZero', or at least one pod",
      text:
        `${prop}: ${given}, and while no pod runs, the Service refuses connections: KEDA holds no requests. Write ` +
        'min: 1, or put something in front that holds them, such as the HTTP add-on of KEDA, and name it in ' +
        "'requestsAtZero'",
    },
  ];
});

function blocksWithService(view: PassView): ReadonlySet<IConstruct | undefined> {
  return new Set(allServices(view).map(({ block }) => block));
}

const overlappingWindows = warns('eventScaling', ({ triggers }) => {
  const crons = triggers.flatMap(({ cron, prop }) => (cron ? [{ ...cron, prop }] : []));
  return crons.flatMap((one, index): Warning[] => {
    const other = crons.slice(0, index).find((known) => known.timeZone === one.timeZone && overlapOf(known, one));
    if (other === undefined) return [];
    const most = Math.max(one.replicas, other.replicas);
    return [
      {
        rule: 'scaling/overlapping-windows',
        prop: one.prop,
        got: `a window that overlaps with ${other.prop}`,
        expected: 'windows without overlap',
        text:
          `${one.prop}: at ${overlapOf(other, one)}, the window of ${other.prop} is also open, and the larger number ` +
          `applies (${most}). End one window when the other one starts`,
      },
    ];
  });
});

/** A name that the operator resolves in its own namespace. */
const shortAddresses = refuses('eventScaling', ({ owner, triggers }, problems, view) => {
  const operator = operatorOf(owner);
  for (const { address, prop } of addressesOf(triggers)) {
    const named = serviceNameOf(address.host);
    if (named === undefined || named.namespace !== undefined) continue;
    const here = placeOf(clusterOf(owner).name, namespaceOf(owner));
    if (here === operator.place || serviceAt(view, operator.place, named.name)) continue;
    if (serviceAt(view, here, named.name) === undefined) continue;
    problems.refuse(prop, address.host, `a name with its namespace: KEDA resolves it in '${operator.namespace}'`, {
      rule: 'scaling/short-address',
      fix: `Write '${named.name}.${namespaceOf(owner) ?? 'NAMESPACE'}.svc', or pass the block as 'server'`,
    });
  }
});

/** Addresses of Services of the app that do not admit the operator. */
const addresses: LibraryRule = {
  kinds: ['eventScaling'],
  warns: true,
  judge: (view) =>
    view.all('eventScaling').flatMap(({ owner, triggers }) => {
      const client = operatorOf(owner);
      return addressesOf(triggers).flatMap(({ address, prop }): Verdict[] => {
        const named: NamedAddress = { client, address, prop, where: prop };
        const service = serviceOfAddress(view, named);
        const found = service && judgeAddress(view, named, service);
        return found ? [found] : [];
      });
    }),
};

/** The pods of KEDA's operator as a client. The owner reports findings about them. */
function operatorOf(owner: IConstruct): PodSet {
  const namespace = operatorNamespace(owner);
  return { at: owner, namespace, place: placeOf(clusterOf(owner).name, namespace), labels: OPERATOR_LABELS };
}

function addressesOf(triggers: EventScalingFact['triggers']): Array<Pick<NamedAddress, 'address' | 'prop'>> {
  return triggers
    .filter(({ server }) => server === undefined)
    .flatMap(({ metadata, prop }) =>
      Object.values(metadata).flatMap((value) => addressesIn(value).map((address) => ({ address, prop }))),
    );
}

/** Work in a list is gone with its key. */
const queueInCache = warns('eventScaling', ({ triggers }, view) =>
  triggers.flatMap(({ server, prop }): Warning[] => {
    const dropped = server && view.all('droppedKeys').find(({ owner }) => owner === server.target);
    if (dropped === undefined) return [];
    const path = dropped.owner.node.path;
    return [
      {
        rule: 'scaling/queue-in-cache',
        prop: `${prop}.server`,
        got: `'${path}', which loses keys`,
        expected: 'a server that keeps them',
        text:
          `${prop}.server: '${path}' ${dropped.when}, and a queue in it is lost without an error. Use a Redis with ` +
          "evictionPolicy: 'noeviction', the default, for the queue",
      },
    ];
  }),
);

/** KEDA reads the role of the workload from an annotation of its ServiceAccount. */
const ROLE = 'eks.amazonaws.com/role-arn';

const missingRole = refuses('eventScaling', ({ owner, triggers }, problems, view) => {
  const roles = view.all('identity').filter((fact) => fact.owner === owner);
  if (roles.some(({ identity }) => ROLE in identity.annotations)) return;
  for (const { authentication, prop } of triggers) {
    if (authentication?.kind !== 'identity' || authentication.identity.identityOwner !== 'workload') continue;
    problems.refuse(`${prop}.authentication.ofWorkload`, true, 'a workload with a role of IAM', {
      rule: 'scaling/trigger-parameter',
      fix: "Set 'workloadIdentity' to WorkloadIdentity.aws(...), or remove 'ofWorkload' for the role of the operator",
    });
  }
});

export const RULES = [queueInCache, refusedAtZero, overlappingWindows, shortAddresses, addresses, missingRole];
