import { ACCESS } from './access';
import { APP } from './app';
import { CONFIG } from './config';
import { GATEWAY } from './gateway';
import { NETWORK } from './network';
import { OBJECTS } from './objects';
import { PROPS } from './props';
import { RULES } from './rules';
import { SCHEDULING } from './scheduling';
import { STATEFUL } from './stateful';
import { STORAGE } from './storage';
import { TENANCY } from './tenancy';
import { TRAFFIC } from './traffic';
import { WORKLOAD } from './workload';

/** All rules by id. An id never changes its meaning, and a removed id is never reused. */
export const CATALOGUE = {
  ...PROPS,
  ...APP,
  ...OBJECTS,
  ...WORKLOAD,
  ...SCHEDULING,
  ...STATEFUL,
  ...NETWORK,
  ...TRAFFIC,
  ...GATEWAY,
  ...CONFIG,
  ...STORAGE,
  ...ACCESS,
  ...TENANCY,
  ...RULES,
};
