import { refuses } from './define';
import type {} from '../kernel/model/late-annotations';
import { refuseLargeAnnotations } from '../kernel/schema/annotations';

const largeAnnotations = refuses('annotations', ({ prop, all }, problems) =>
  refuseLargeAnnotations(all(), problems, prop),
);

export const RULES = [largeAnnotations];
