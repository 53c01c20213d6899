import type { Toleration as WireToleration } from 'kubernetes-types/core/v1';
import type { Toleration } from './toleration';

export function renderToleration({ key, value, effect, seconds }: Toleration): WireToleration {
  return {
    ...(key === undefined ? {} : { key }),
    operator: value === undefined ? 'Exists' : 'Equal',
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
    ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
  };
}
