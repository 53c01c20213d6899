import type { BlockData, ChartData, StepData, Terms } from './terms';

/** A part of an app: a block with what it needs around it. Ids and names end with a letter that no other part has. */
export interface Part {
  readonly blocks: readonly BlockData[];
  readonly steps?: readonly StepData[];
  readonly charts?: readonly ChartData[];
}

/** Makes a part for a cluster of this profile. */
export type Theme = (cluster: Terms | undefined) => Part;

/**
 * The end of ids and names makes them unique: a letter, since a digit would make a number of `0o`. A name of only one
 * block is the start of none of the objects of another.
 */
export function ending(block: BlockData, end: string): BlockData {
  const { name, ...others } = block.props;
  return {
    ...block,
    id: `${block.id}${end}`,
    props: name === undefined ? block.props : { ...others, name: `${name as string}${end}` },
  };
}
