/** What a status means to whoever looks at it: color and order follow from it. */
export type Tone = 'good' | 'calm' | 'open' | 'warn' | 'bad';

/** How the page speaks of a status; one that it does not know is shown under its own name. */
export interface StatusLabel {
  readonly label: string;
  readonly tone: Tone;
}

const STATUSES: Readonly<Record<string, StatusLabel>> = {
  created: { label: 'created', tone: 'good' },
  updated: { label: 'updated', tone: 'good' },
  restored: { label: 'restored', tone: 'good' },
  removed: { label: 'removed', tone: 'good' },
  activated: { label: 'activated', tone: 'good' },
  valid: { label: 'valid', tone: 'good' },
  'would-create': { label: 'would be created', tone: 'good' },
  'would-update': { label: 'would be updated', tone: 'good' },
  unchanged: { label: 'unchanged', tone: 'calm' },
  exists: { label: 'there already', tone: 'calm' },
  kept: { label: 'kept', tone: 'warn' },
  invalid: { label: 'invalid', tone: 'bad' },
  failed: { label: 'failed', tone: 'bad' },
  'not-attempted': { label: 'not attempted', tone: 'open' },
};

export function statusLabel(status: string): StatusLabel {
  return STATUSES[status] ?? { label: status.replaceAll('-', ' '), tone: 'calm' };
}

/** All statuses that are known, good ones first: the order in which they are listed. */
export const STATUS_ORDER: readonly string[] = Object.keys(STATUSES);

/** Whether a row of this status is among those to mend. */
export function isBad(status: string): boolean {
  return statusLabel(status).tone === 'bad';
}
