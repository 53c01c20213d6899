import { foreignOf, hasForeign, hasPatches, hasUnchecked } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { installRules, type RuleModule, type Topic } from '../kernel/findings/rule-book';
import type {} from '../kernel/model/secret-sources';
import type {} from '../kernel/model/storage-facts';
import { isDatabaseImage } from '../kubernetes/database-images';

const hasProviderNodes = (view: PassView): boolean => view.all('cluster').some(({ facts }) => !facts.ownNodes);

const hasRoutes = (view: PassView): boolean => hasForeign(view) || view.all('routing').length > 0;

const hasForeignOrSourced = (view: PassView): boolean => view.all('sourcedSecret').length > 0 || hasForeign(view);

const hasExternalMetrics = (view: PassView): boolean =>
  view.all('autoscaling').some(({ autoscaling }) => autoscaling.metrics.some(({ kind }) => kind === 'External'));

const hasGateway = (view: PassView): boolean =>
  view.all('gateway').length > 0 ||
  view.all('tlsRoute').length > 0 ||
  view
    .all('routing')
    .some((fact) => fact.gatewayProps.length > 0 || fact.tlsOfGateway || fact.controller().gateway !== undefined);

const mountsClaims = (view: PassView): boolean => view.all('claimMount').length > 0 || hasForeign(view);

const hasStorage = (view: PassView): boolean =>
  view.all('storageClass').length > 0 ||
  view.all('volumeClaim').length > 0 ||
  view.all('staticVolume').length > 0 ||
  view.all('volumeSnapshot').length > 0 ||
  view.all('storageTier').length > 0 ||
  view.all('cluster').some(({ facts }) => facts.storage !== undefined) ||
  foreignOf(view, 'storage.k8s.io/StorageClass').length > 0;

/** Whether pods have a claim each, or an image of a database. */
const hasData = (view: PassView): boolean =>
  hasForeign(view) ||
  view.all('claimMount').length > 0 ||
  view
    .all('podTemplate')
    .some(({ pod }) => pod.claims.length > 0 || pod.containers.some(({ image }) => isDatabaseImage(image)));

/* eslint-disable @typescript-eslint/no-require-imports */

/*
 * All rules of the library by topic. A topic loads when an app states facts that it judges. The entry point of the
 * package imports this file: blocks and rules do not import each other.
 */
export const TOPICS: readonly Topic[] = [
  { kinds: ['object', 'claim', 'lateClaim'], load: () => require('./duplicates') as RuleModule },
  { kinds: ['neighbour', 'reference', 'declaredSecret'], load: () => require('./references') as RuleModule },
  { kinds: ['openEgress', 'apiServerEgress', 'destinations'], load: () => require('./network') as RuleModule },
  { kinds: ['podTemplate', 'emptyDirs', 'outsidePods'], load: () => require('./workload') as RuleModule },
  { kinds: ['wait'], load: () => require('./waiting') as RuleModule },
  { kinds: ['claimMount', 'object'], when: mountsClaims, load: () => require('./claims') as RuleModule },
  {
    kinds: ['object', 'cluster', 'staticVolume', 'storageTier', 'volumeClaim', 'volumeSnapshot'],
    when: hasStorage,
    load: () => require('./storage') as RuleModule,
  },
  { kinds: ['volumeClaim'], load: () => require('./static-volumes') as RuleModule },
  { kinds: ['object'], when: hasData, load: () => require('./databases') as RuleModule },
  { kinds: ['budget', 'autoscaling', 'verticalAutoscaling'], load: () => require('./scaling') as RuleModule },
  { kinds: ['quorum'], load: () => require('./quorum') as RuleModule },
  { kinds: ['eventScaling'], load: () => require('./events') as RuleModule },
  { kinds: ['autoscaling'], when: hasExternalMetrics, load: () => require('./external-metrics') as RuleModule },
  { kinds: ['reaper', 'privileged'], load: () => require('./own-namespace') as RuleModule },
  { kinds: ['tiers', 'scraping'], load: () => require('./tiers/tiers') as RuleModule },
  { kinds: ['grant', 'identity'], load: () => require('./access') as RuleModule },
  { kinds: ['cluster', 'newField', 'nodeFeature'], load: () => require('./cluster') as RuleModule },
  { kinds: ['cluster'], when: hasProviderNodes, load: () => require('./own-nodes') as RuleModule },
  {
    kinds: ['routing', 'loadBalancer', 'offer', 'import', 'namedTarget'],
    load: () => require('./traffic') as RuleModule,
  },
  { kinds: ['routing', 'gateway', 'tlsRoute'], when: hasGateway, load: () => require('./gateway') as RuleModule },
  { kinds: ['annotations'], load: () => require('./objects') as RuleModule },
  { kinds: ['tenant', 'sandbox', 'existingNamespace'], load: () => require('./tenancy') as RuleModule },
  { kinds: ['edge', 'openEgress'], load: () => require('./unstated-namespace') as RuleModule },
  { kinds: ['grpcService'], load: () => require('./grpc') as RuleModule },
  { kinds: ['frozenContent'], load: () => require('./config') as RuleModule },
  { kinds: ['object'], when: hasForeign, load: () => require('./owners') as RuleModule },
  { kinds: ['object'], when: hasForeign, load: () => require('./other-objects') as RuleModule },
  { kinds: ['object'], when: hasForeign, load: () => require('./foreign-manifests') as RuleModule },
  {
    kinds: ['object', 'existingNamespace'],
    when: hasUnchecked,
    load: () => require('./pod-security') as RuleModule,
  },
  { kinds: ['object'], when: hasForeign, load: () => require('./foreign-access') as RuleModule },
  {
    kinds: ['object', 'sourcedSecret'],
    when: hasForeignOrSourced,
    load: () => require('./secret-types') as RuleModule,
  },
  {
    kinds: ['sourcedSecret', 'storeUse', 'csiMount'],
    load: () => require('./secret-sources') as RuleModule,
  },
  { kinds: ['object'], when: hasForeign, load: () => require('./secret-stores') as RuleModule },
  { kinds: ['object'], when: hasUnchecked, load: () => require('./plain-credentials') as RuleModule },
  { kinds: ['object'], when: hasPatches, load: () => require('./patches') as RuleModule },
  { kinds: ['object'], load: () => require('./places') as RuleModule },
  { kinds: ['podTemplate', 'object', 'scraped'], load: () => require('./addresses') as RuleModule },
  { kinds: ['object'], when: hasForeign, load: () => require('./monitors') as RuleModule },
  { kinds: ['object'], when: hasForeign, load: () => require('./foreign-hooks') as RuleModule },
  { kinds: ['routing', 'object'], when: hasRoutes, load: () => require('./certificates') as RuleModule },
  { kinds: ['waiver', 'severity', 'ownRule'], load: () => require('./own-rules') as RuleModule },
];

installRules(TOPICS);
