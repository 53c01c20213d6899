import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import type { FactIndex } from '../kernel/facts/fact-map';
import { Verbatim } from '../kernel/findings/describe';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { clientsOf, podLabelsOf } from '../network/clients';
import type {} from '../network/outside';
import type {} from '../pod/workload-facts';

const controller = refuses('routing', ({ lacksController }, problems) => {
  if (!lacksController()) return;
  problems.refuse('controller', undefined, 'an IngressController', {
    rule: 'props/required',
    fix: "Use IngressController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
    practice: 'CH01-25',
  });
});

const strippedPrefix = refuses('routing', ({ isTraefik, stripping }, problems) => {
  if (stripping.length === 0 || isTraefik()) return;
  for (const prop of stripping) {
    problems.refuse(prop, true, 'false: an Ingress has no portable rewrite', {
      rule: 'routing/strip-prefix',
      fix: "Serve the full path in the application, or use Traefik: className 'traefik', or traefik: true",
    });
  }
});

/** Of ingress-nginx before 1.14: https://github.com/kubernetes/ingress-nginx/pull/13798 */
const TAKEN_BY_NGINX = /^\/[A-Za-z0-9/_-]*$/;

const pathTypes = refuses('routing', ({ controller, lacksController, routes }, problems) => {
  if (lacksController()) return;
  const { className, ingressNginx } = controller();
  routes.forEach(({ path, pathType }, index) => {
    if (pathType === 'ImplementationSpecific') {
      if (ingressNginx) return;
      problems.refuse(`routes[${index}].pathType`, pathType, `'Prefix' or 'Exact' for class '${className}'`, {
        rule: 'routing/path-type',
        fix:
          "Write 'Prefix': the other type means something else in each controller. Where this is ingress-nginx, say " +
          'ingressNginx: true',
      });
    } else if (ingressNginx && !TAKEN_BY_NGINX.test(path)) {
      problems.refuse(`routes[${index}].path`, path, `letters, digits, '-', '_' and '/' in type ${pathType}`, {
        rule: 'routing/path-type',
        fix:
          "Write pathType: 'ImplementationSpecific', a prefix of text. From ingress-nginx 1.14 on, which takes dots, " +
          'waive the rule',
      });
    }
  });
});

const podsOf: FactIndex<'podTemplate', IConstruct> = ({ owner }) => [owner];

/** A load balancer that sends to pods hears of a stopping one late. */
const shortDrains = warns('routing', ({ controller, lacksController, routes }, view): Warning[] => {
  if (lacksController()) return [];
  const { className, lag } = controller();
  if (lag === 0) return [];
  return [...new Set(routes.map(({ backend }) => backend))].flatMap((backend) =>
    view.by('podTemplate', podsOf, backend).flatMap(({ pod }): Warning[] => {
      const { drain } = pod.containers[0];
      if (drain >= lag) return [];
      const index = routes.findIndex((route) => route.backend === backend);
      return [
        {
          rule: 'routing/short-drain',
          prop: `routes[${index}].backend`,
          got: `'${backend.node.path}', which drains for ${drain} s`,
          expected: `at least ${lag} s`,
          text:
            `routes[${index}].backend: '${backend.node.path}' drains for ${drain} s, and the load balancer of class ` +
            `'${className}' goes on sending requests for ${lag} s. Give it drain: Duration.seconds(${lag}) and ` +
            `terminationGracePeriod: Duration.seconds(${lag + 30})`,
        },
      ];
    }),
  );
});

const unknownProvider = refuses('loadBalancer', ({ owner, prop, ofCluster, provider }, problems) => {
  if (!ofCluster || provider() !== undefined) return;
  const { name, provider: stated } = clusterOf(owner);
  const known =
    stated === undefined
      ? `the ClusterProfile '${name}' names no provider`
      : `the ClusterProfile '${name}' states '${stated}'`;
  problems.refuse(`${prop}.provider`, undefined, `a load balancer provider: ${known}`, {
    rule: 'exposure/unknown-provider',
    fix:
      stated === undefined
        ? "Assign a ClusterProfile to the chart, such as one with provider: 'aws', or set 'provider'"
        : "Use LoadBalancerProvider.metalLb(...) with addressPool: 'internal', .kubeVip('10.40.0.10') or .other(...)",
  });
});

const nodePorts = refuses('loadBalancer', ({ prop, allocatesNodePorts, provider }, problems) => {
  if (allocatesNodePorts || provider()?.nodePorts !== 'needed') return;
  problems.refuse(`${prop}.allocateNodePorts`, false, 'true: this load balancer sends to node ports', {
    rule: 'exposure/node-ports-needed',
    fix: 'Write true, the default',
  });
});

/** One place states whether a load balancer is internal. */
const foreignAnnotation = refuses('offer', ({ annotations, provided }, problems) => {
  for (const key of Object.keys(provided()).filter((candidate) => candidate in annotations)) {
    problems.refuse('annotations', key, 'annotations other than those of the provider', {
      rule: 'exposure/foreign-annotation',
      fix: "Use the options of 'provider'",
    });
  }
});

const importOfOwnCluster = refuses('import', ({ owner, exported }, problems) => {
  const [theirs, cluster] = [clusterOf(exported).name, clusterOf(owner).name];
  if (theirs !== cluster) return;
  problems.refuse(
    'exported',
    new Verbatim(`'${exported.node.path}' of cluster '${theirs}'`),
    `a service of a cluster other than '${cluster}'`,
    {
      rule: 'external/import-of-own-cluster',
      fix: 'On one cluster, connect to the block itself. On two, assign a ClusterProfile to each chart',
    },
  );
});

/** Policies know addresses, and names only with the help of the network plugin. */
const unreachable = refuses('namedTarget', ({ owner, host, egress }, problems) => {
  if (egress === 'cidrs') return;
  for (const client of clientsOf(owner).filter(({ egressClosed }) => egressClosed)) {
    const given = new Verbatim(`the DNS name '${host}', to which '${client.node.path}' connects with closed egress`);
    if (egress === undefined) {
      problems.refuse('target', given, 'addresses, or egress by name: a NetworkPolicy cannot open a DNS name', {
        rule: 'external/unreachable-target',
        fix:
          "Add egress: NameEgress.cidrs(['10.40.0.0/24']), or use NameEgress.cilium() or .calico() if the " +
          'cluster has it',
      });
    } else if (podLabelsOf(client) === undefined) {
      problems.refuse('allowFrom', new Verbatim(`'${client.node.path}'`), 'a client with one set of pods', {
        rule: 'external/client-without-pods',
        fix: 'Use NameEgress.cidrs([...])',
      });
    } else if (egress === 'cilium' && namespaceOf(owner) === undefined) {
      problems.refuse('target.egress', 'cilium', 'a chart with a namespace', {
        rule: 'external/cilium-namespace',
        fix: 'Give the chart a namespace: the policy contains the full DNS name of the Service',
      });
    }
  }
});

export const RULES = [
  controller,
  strippedPrefix,
  pathTypes,
  shortDrains,
  unknownProvider,
  nodePorts,
  foreignAnnotation,
  importOfOwnCluster,
  unreachable,
];
