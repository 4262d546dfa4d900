import type { Colour } from './colors.js';
import type { Counts } from './summary.js';

/** What people call each count, in the order in which counts are told, and the colour that says how to feel about it. */
export const COUNT_WORDS: readonly {
  readonly key: Exclude<keyof Counts, 'total'>;
  readonly words: string;
  readonly colour?: Colour;
}[] = [
  { key: 'created', words: 'created', colour: 'green' },
  { key: 'updated', words: 'updated', colour: 'green' },
  { key: 'unchanged', words: 'unchanged' },
  { key: 'exists', words: 'there already' },
  { key: 'valid', words: 'valid', colour: 'green' },
  { key: 'wouldCreate', words: 'would be created', colour: 'green' },
  { key: 'wouldUpdate', words: 'would be updated', colour: 'green' },
  { key: 'activated', words: 'activated', colour: 'green' },
  { key: 'removed', words: 'removed', colour: 'green' },
  { key: 'restored', words: 'restored', colour: 'green' },
  { key: 'kept', words: 'kept' },
  { key: 'invalid', words: 'invalid', colour: 'red' },
  { key: 'failed', words: 'failed', colour: 'red' },
  { key: 'notAttempted', words: 'not attempted', colour: 'yellow' },
];
