import type { Color } from './colors.js';
import type { Counts } from './summary.js';

/** What people call each count, in the order in which counts are told, and the color that says how to feel about it. */
export const COUNT_WORDS: readonly {
  readonly key: Exclude<keyof Counts, 'total'>;
  readonly words: string;
  readonly color?: Color;
}[] = [
  { key: 'created', words: 'created', color: 'green' },
  { key: 'updated', words: 'updated', color: 'green' },
  { key: 'unchanged', words: 'unchanged' },
  { key: 'exists', words: 'there already' },
  { key: 'valid', words: 'valid', color: 'green' },
  { key: 'wouldCreate', words: 'would be created', color: 'green' },
  { key: 'wouldUpdate', words: 'would be updated', color: 'green' },
  { key: 'activated', words: 'activated', color: 'green' },
  { key: 'removed', words: 'removed', color: 'green' },
  { key: 'restored', words: 'restored', color: 'green' },
  { key: 'kept', words: 'kept' },
  { key: 'invalid', words: 'invalid', color: 'red' },
  { key: 'failed', words: 'failed', color: 'red' },
  { key: 'notAttempted', words: 'not attempted', color: 'yellow' },
];
