/** A label selector as it goes over the wire. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: ReadonlyArray<{
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }>;
}

/** Labels as `kubectl --selector` takes them, in alphabetical order. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/**
 * Whether a selector may match. An empty one always does.
 *
 * `isKnown` tells which labels are known. A requirement on an unknown label may match.
 */
export function maySelect(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>>,
  isKnown: (key: string) => boolean = () => true,
): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => !isKnown(key) || labels[key] === value,
  );
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (!isKnown(key)) return true;
      const has = key in labels;
      if (operator === 'In') return has && values.includes(labels[key]);
      if (operator === 'NotIn') return !has || !values.includes(labels[key]);
      return operator === 'Exists' ? has : !has;
    })
  );
}
