import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { OfferSettings } from './read-offer';
import { renderExposure } from './render-exposure';
import { emitLater } from '../../kernel/emit/emission';
import { recommended } from '../../kernel/emit/labels';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { nodePortClaim } from '../../kernel/model/node-ports';
import { nameNeighbour } from '../../kernel/model/same-cluster';
import { claimUnique } from '../../kernel/model/uniqueness';
import { Peer } from '../../network/peer';
import type { NamedPort } from '../../network/ports';

/** Emits the externally visible Service. */
export function emitExposure(owner: Construct, offer: OfferSettings, component: string, problems: Problems): ApiObject {
  const { name, annotations, exposure, ports, backend } = offer;
  const { healthCheckNodePort } = exposure;
  const fixed = ports.flatMap(({ nodePort, protocol }) =>
    nodePort === undefined ? [] : [nodePortClaim(nodePort, protocol)],
  );
  for (const port of [...fixed, ...(healthCheckNodePort === undefined ? [] : [nodePortClaim(healthCheckNodePort)])]) {
    claimUnique(owner, port, { rule: 'exposure/node-port', fix: 'Change one, or let Kubernetes choose both' });
  }
  const head = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: recommended(owner, name, component, offer.labels), annotations },
  };
  return emitLater(owner, 'Resource', head, problems, () =>
    renderExposure(exposure, ports, backend?.selectorLabels ?? {}),
  );
}

/** Opens the pods for the declared clients, and for the nodes if they hide the client addresses. */
export function openBackend(owner: Construct, { backend, exposure, ports }: OfferSettings, problems: Problems): void {
  if (backend === undefined) return;
  const [theirs, own] = [namespaceOf(backend), namespaceOf(owner)];
  if (theirs !== own) {
    problems.refuse(
      'backend',
      new Verbatim(`'${backend.node.path}' in namespace '${theirs ?? ''}'`),
      `a backend in namespace '${own ?? ''}'`,
      {
        rule: 'reference/other-namespace',
        fix: 'A Service selects pods of its own namespace: put the block beside the backend',
      },
    );
  }
  nameNeighbour(
    owner,
    backend,
    'backend',
    'Put the block beside the backend: other clusters reach its ExportedService through an ImportedService',
  );
  if (exposure.seenFrom.length === 0) return;
  const seen = Peer.anyOf(...exposure.seenFrom.map((range) => Peer.cidr(range)));
  for (const protocol of new Set(ports.map((port) => port.protocol))) {
    const numbers = ports.filter((port) => port.protocol === protocol).map(({ port }) => port);
    backend.allowFrom(seen, { ports: [...new Set(numbers)], protocol });
  }
}

/** The ports that clients use, with the ports of the pods. */
export function exposedPorts({ ports, backend }: OfferSettings): NamedPort[] {
  return ports.map(({ name, port, servicePort, protocol }) => {
    const appProtocol = backend?.declaredPorts.find((declared) => declared.name === name)?.appProtocol;
    return { name, port, servicePort, protocol, ...(appProtocol && { appProtocol }) };
  });
}
