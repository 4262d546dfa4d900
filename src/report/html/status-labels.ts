/** What a status means to whoever looks at it: colour and order follow from it. */
export type Tone = 'good' | 'calm' | 'open' | 'warn' | 'bad';

/** How the page speaks of a status; one that it does not know is shown under its own name. */
export interface StatusWords {
  readonly word: string;
  readonly tone: Tone;
}

const STATUSES: Readonly<Record<string, StatusWords>> = {
  created: { word: 'created', tone: 'good' },
  updated: { word: 'updated', tone: 'good' },
  restored: { word: 'restored', tone: 'good' },
  removed: { word: 'removed', tone: 'good' },
  activated: { word: 'activated', tone: 'good' },
  valid: { word: 'valid', tone: 'good' },
  'would-create': { word: 'would be created', tone: 'good' },
  'would-update': { word: 'would be updated', tone: 'good' },
  unchanged: { word: 'unchanged', tone: 'calm' },
  exists: { word: 'there already', tone: 'calm' },
  kept: { word: 'kept', tone: 'warn' },
  invalid: { word: 'invalid', tone: 'bad' },
  failed: { word: 'failed', tone: 'bad' },
  'not-attempted': { word: 'not attempted', tone: 'open' },
};

export function wordsOf(status: string): StatusWords {
  return STATUSES[status] ?? { word: status.replaceAll('-', ' '), tone: 'calm' };
}

/** All statuses that are known, good ones first: the order in which they are listed. */
export const STATUS_ORDER: readonly string[] = Object.keys(STATUSES);

/** Whether a row of this status is among those to mend. */
export function isBad(status: string): boolean {
  return wordsOf(status).tone === 'bad';
}
