import { ACCESS } from './access';
import { APP } from './app';
import { CONFIG } from './config';
import { NETWORK } from './network';
import { OBJECTS } from './objects';
import { PROPS } from './props';
import { RULES } from './rules';
import { SCHEDULING } from './scheduling';
import { TENANCY } from './tenancy';
import { TRAFFIC } from './traffic';
import { WORKLOAD } from './workload';

/** All rules by their ids. An id never changes its meaning, and one that is gone is not used again. */
export const CATALOGUE = {
  ...PROPS,
  ...APP,
  ...OBJECTS,
  ...WORKLOAD,
  ...SCHEDULING,
  ...NETWORK,
  ...TRAFFIC,
  ...CONFIG,
  ...ACCESS,
  ...TENANCY,
  ...RULES,
};
