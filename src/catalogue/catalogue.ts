import { ACCESS } from './access';
import { APP } from './app';
import { CONFIG } from './config';
import { NETWORK } from './network';
import { PROPS } from './props';
import { RULES } from './rules';
import { SCHEDULING } from './scheduling';
import { TENANCY } from './tenancy';
import { TRAFFIC } from './traffic';
import { WORKLOAD } from './workload';

/** All rules by id. An id never changes its meaning, and a removed id is never reused. */
export const CATALOGUE = {
  ...PROPS,
  ...APP,
  ...WORKLOAD,
  ...SCHEDULING,
  ...NETWORK,
  ...TRAFFIC,
  ...CONFIG,
  ...ACCESS,
  ...TENANCY,
  ...RULES,
};
