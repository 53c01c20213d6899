import * as fc from 'fast-check';
import {
  type BlockData,
  call,
  type OtherData,
  type RandomApp,
  Raw,
  type StepData,
  type Term,
  type Terms,
} from './terms';
import type { RuleId } from '../../../src/kernel/findings/rule-ids';

type Kind = BlockData['kind'];

/** One thing that is wrong, for any app that has a block of this kind. */
export interface Mistake {
  readonly mistake: string;
  readonly kind: Kind;
  /** The prop that the message names, or how its name starts. */
  readonly at: string;
  /** The rule that finds it, where the message names no prop. */
  readonly rule?: RuleId;
  /** What is wrong as a value. */
  readonly value: fc.Arbitrary<Term>;
  readonly make: (app: RandomApp, value: Term) => RandomApp;
}

/** A bad value of a prop, or, with `props`, props that are bad because of the value. */
export function prop(
  kind: Kind,
  mistake: string,
  at: string,
  value: fc.Arbitrary<Term>,
  props: (value: Term) => Terms = (bad) => ({ [at]: bad }),
): Mistake {
  return { mistake, kind, at, value, make: (app, bad) => changed(app, kind, (given) => ({ ...given, ...props(bad) })) };
}

/** A bad call of a method. */
export function step(
  kind: Kind,
  mistake: string,
  at: string,
  method: string,
  value: fc.Arbitrary<Term>,
  args: (value: Term) => Term[],
): Mistake {
  return {
    mistake,
    kind,
    at,
    value,
    make: (app, bad) => withSteps(app, { on: blockOf(app, kind).id, method, args: args(bad) }),
  };
}

/** Something that is there twice, or any other change of the app. */
export function change(
  kind: Kind,
  mistake: string,
  at: string,
  make: (app: RandomApp, first: BlockData) => RandomApp,
): Mistake {
  return { mistake, kind, at, value: fc.constant(undefined), make: (app) => make(app, blockOf(app, kind)) };
}

export function blockOf({ blocks }: RandomApp, kind: Kind): BlockData {
  const found = blocks.find((block) => block.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

/** Objects of others that are wrong beside a block of the app, on their own or inside a List. */
export function beside(
  kind: Kind,
  rule: RuleId,
  mistake: string,
  manifests: fc.Arbitrary<(block: BlockData) => readonly Terms[]>,
  props: Terms = {},
): Mistake {
  return {
    mistake: `${rule}: ${mistake}`,
    kind,
    at: '',
    rule,
    value: fc.record({ manifests: manifests.map((given) => new Raw(given)), inList: fc.boolean() }),
    make: (app, value) => {
      const { manifests: given, inList } = value as { manifests: Raw; inList: boolean };
      const of = given.value as (block: BlockData) => readonly Terms[];
      const others = of(blockOf(app, kind)).map((manifest): OtherData => ({ manifest, inList }));
      // some are pods that need a node
      const cluster = app.cluster && { cluster: { ...app.cluster, ownNodes: true } };
      return { ...changed(app, kind, (usual) => ({ ...usual, ...props })), ...cluster, others };
    },
  };
}

function changed(app: RandomApp, kind: Kind, change_: (props: Terms) => Terms): RandomApp {
  const target = blockOf(app, kind);
  return {
    ...app,
    blocks: app.blocks.map((block) => (block === target ? { ...block, props: change_(block.props) } : block)),
  };
}

export function withSteps(app: RandomApp, ...steps: StepData[]): RandomApp {
  return { ...app, steps: [...app.steps, ...steps] };
}

export function withBlocks(app: RandomApp, ...blocks: BlockData[]): RandomApp {
  return { ...app, blocks: [...app.blocks, ...blocks] };
}

/** What is no integer from `min` to `max`. */
export function noInteger(min: number, max: number): fc.Arbitrary<Term> {
  return fc.oneof(
    fc.constantFrom<Term>(NaN, Infinity, -Infinity, min - 1, max + 1, min + 0.5, String(min), null, true, [], {}),
    fc.integer({ min: max + 1, max: 2 ** 40 }),
    fc.integer({ min: -(2 ** 40), max: min - 1 }),
  );
}

/** What is no Duration of `min` to `max` whole seconds. */
export function noDuration(min: number, max: number): fc.Arbitrary<Term> {
  const tooShort = min === 0 ? [] : [call('Duration.seconds', min - 1)];
  return fc.constantFrom<Term>(
    max,
    String(max),
    `${max}s`,
    null,
    true,
    {},
    call('Size.mebibytes', 1),
    call('Duration.seconds', max + 1),
    call('Duration.millis', min * 1000 + 500),
    ...tooShort,
  );
}

/** What is no DNS label of at most `max` characters. */
export function noLabel(max: number): fc.Arbitrary<Term> {
  return fc.oneof(
    fc.constantFrom<Term>('', 'Web', 'web_1', 'web.1', '-web', 'web-', 'wéb', 'a b', 'a/b', 7, null, {}),
    fc.integer({ min: max + 1, max: max + 300 }).map((length) => 'a'.repeat(length)),
  );
}

/** What is no label value. */
export const noLabelValue = fc.constantFrom<Term>(
  '-a',
  'a-',
  'a b',
  'é',
  'a/b',
  'a:b',
  '_',
  'a'.repeat(64),
  1,
  true,
  null,
  {},
);

/** What is no label key. */
export const noLabelKey = fc.constantFrom(
  '',
  '-a',
  'a b',
  'é',
  'a/b/c',
  '/a',
  'a/',
  'A.com/a',
  'a_b/c',
  'a'.repeat(64),
  `${'a'.repeat(254)}/a`,
);

/** What is no range of addresses. */
export const noRange = fc.constantFrom<Term>(
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0.5/8',
  '256.0.0.0/8',
  '10.0.0/8',
  'fd00::/129',
  'FD00::/8',
  'example.com',
  '',
  ' 10.0.0.0/8',
  '010.0.0.0/8',
  '::ffff:0:0/96',
  '::ffff:a00:0/104',
  10,
  null,
  {},
);
