import { CONFIG } from './config';
import { GITOPS } from './gitops';
import { JOBS } from './jobs';
import { NAMES } from './names';
import { NETWORK } from './network';
import { OTHERS } from './others';
import { PODS } from './pods';
import { REDIS } from './redis';
import { ROUTING } from './routing';
import { SCALING } from './scaling';
import type { Report } from '../report';

/** All reports by their topic, as docs/reports.md has them. */
export const TOPICS: Readonly<Record<string, readonly Report[]>> = {
  'YAML and configuration': CONFIG,
  'Names and ports': NAMES,
  'Pods': PODS,
  'Numbers of pods, rollouts and drains': SCALING,
  'Jobs': JOBS,
  'Network policies and services outside': NETWORK,
  'Routes and certificates': ROUTING,
  'Redis': REDIS,
  'Argo CD and Flux': GITOPS,
  'Objects that no block writes': OTHERS,
};
