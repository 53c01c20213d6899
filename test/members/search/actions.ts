import type { Random } from './random';
import type { Resolution } from '../rig/name-server';

/** What happens to the members; `member` is an ordinal. */
export type Action =
  | { readonly what: 'restart'; readonly member: number; readonly sameAddress: boolean; readonly graceSeconds: number }
  | { readonly what: 'kill' | 'lose' | 'freeze' | 'thaw' | 'isolate' | 'join'; readonly member: number }
  | { readonly what: 'kill all' }
  | { readonly what: 'cut' | 'mend'; readonly pair: readonly [number, number] }
  | { readonly what: 'names'; readonly member: number; readonly resolution: Resolution }
  | { readonly what: 'write' | 'confirm' | 'delete' | 'flood'; readonly count: number };

export interface Step {
  readonly action: Action;
  /** Time until the next one. */
  readonly pauseMillis: number;
}

/**
 * A first start in some order, then rounds of steps. After each, all is healed. It follows from the random numbers
 * alone.
 */
export interface Plan {
  readonly order: readonly number[];
  /** The first round waits until the members are linked. */
  readonly calm: boolean;
  readonly rounds: ReadonlyArray<readonly Step[]>;
  /**
   * Microseconds that Redis takes for each key which it writes into a file: states that are short otherwise get longer.
   */
  readonly keyDelayMicros: number;
}

const ROUNDS = 2;
const STEPS = 7;
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;
const RESOLUTIONS: Resolution[] = ['silent', 'servfail', 'nxdomain', { lateMillis: 700 }, { lateMillis: 1500 }];

export function randomPlan(random: Random, replicas = 3): Plan {
  const lossy = random.chance(0.5);
  const ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal);
  let hindered = new Set<string>();
  /** The one action or, when that lasts already, the one that ends it. */
  const toggle = <T>(begin: T, end: T, what: string): T => (hindered.delete(what) ? end : (hindered.add(what), begin));

  const kinds: ReadonlyArray<readonly [number, () => Action]> = [
    [3, () => ({ what: 'write', count: random.integer(1, 20) })],
    [4, () => ({ what: 'confirm', count: random.integer(1, 5) })],
    [1, () => ({ what: 'delete', count: random.integer(1, 5) })],
    // more than the backlog of 1 MiB holds
    [1, () => ({ what: 'flood', count: 15 })],
    [
      2,
      () => ({
        what: 'restart',
        member: random.pick(ordinals),
        sameAddress: random.chance(0.5),
        graceSeconds: random.pick([0, 3]),
      }),
    ],
    [3, () => ({ what: 'kill', member: random.pick(ordinals) })],
    [1, () => ({ what: 'kill all' })],
    [lossy ? 3 : 0, () => ({ what: 'lose', member: random.pick(ordinals) })],
    [
      2,
      () => {
        const member = random.pick(ordinals);
        return { what: toggle('freeze', 'thaw', `freeze ${member}`), member };
      },
    ],
    [
      2,
      () => {
        const member = random.pick(ordinals);
        return { what: toggle('isolate', 'join', `isolate ${member}`), member };
      },
    ],
    [
      2,
      () => {
        const pair = random.pick(PAIRS);
        return { what: toggle('cut', 'mend', `cut ${pair.join()}`), pair };
      },
    ],
    [
      2,
      () => {
        const member = random.pick(ordinals);
        return { what: 'names', member, resolution: toggle(random.pick(RESOLUTIONS), 'works', `names ${member}`) };
      },
    ],
  ];
  const step = (): Step => ({ action: random.weighted(kinds)(), pauseMillis: random.pick([0, 0, 300, 1000, 2500]) });
  const round = (): Step[] => {
    hindered = new Set();
    return Array.from({ length: STEPS }, step);
  };
  return {
    order: random.shuffled(ordinals),
    calm: random.chance(0.5),
    keyDelayMicros: random.pick([0, 3000]),
    rounds: Array.from({ length: ROUNDS }, round),
  };
}

/** Whether the primary loses its claim: it may have to wait for a person then. */
export function losesPrimary(steps: readonly Step[]): boolean {
  return steps.some(({ action }) => action.what === 'lose' && action.member === 0);
}

/** As a failure prints it. */
export function planText({ order, calm, rounds, keyDelayMicros }: Plan): string {
  const words = (action: Action): string =>
    Object.values(action)
      .map((part) => (typeof part === 'object' ? JSON.stringify(part) : String(part)))
      .join(' ');
  const lines = rounds.flatMap((steps) => [
    'round',
    ...steps.map(({ action, pauseMillis }) => `  ${words(action)}; ${pauseMillis} ms`),
  ]);
  return [
    `start ${order.join(', ')}${calm ? ', wait until they are linked' : ''}, ${keyDelayMicros} us a key`,
    ...lines,
  ].join('\n  ');
}
