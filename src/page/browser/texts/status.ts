import type { Tone } from '../parts/badge.js';
import { numberText } from './numbers.js';

interface StatusText {
  readonly label: string;
  readonly tone: Tone;
}

/** What becomes of a row, as a word. */
const STATUSES: Readonly<Record<string, StatusText>> = {
  created: { label: 'Created', tone: 'good' },
  updated: { label: 'Updated', tone: 'good' },
  unchanged: { label: 'Unchanged', tone: 'neutral' },
  suspended: { label: 'Suspended', tone: 'good' },
  deactivated: { label: 'Deactivated', tone: 'good' },
  leaver: { label: 'No longer in the file', tone: 'warning' },
  exists: { label: 'Already in Okta', tone: 'neutral' },
  invalid: { label: 'Invalid', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
  'not-attempted': { label: 'Not sent', tone: 'neutral' },
  valid: { label: 'Valid', tone: 'good' },
  'would-create': { label: 'To be created', tone: 'good' },
  'would-update': { label: 'To be updated', tone: 'accent' },
  'would-suspend': { label: 'To be suspended', tone: 'warning' },
  'would-deactivate': { label: 'To be deactivated', tone: 'warning' },
  removed: { label: 'Deleted', tone: 'good' },
  restored: { label: 'Restored', tone: 'good' },
  kept: { label: 'Kept', tone: 'warning' },
  activated: { label: 'Activated', tone: 'good' },
  reminded: { label: 'Reminded', tone: 'good' },
};

export function statusText(status: string): StatusText {
  return STATUSES[status] ?? { label: status, tone: 'neutral' };
}

/** The planned status of a row; a row that is not sent was left out. */
export function planStatusText(status: string): StatusText {
  return status === 'not-attempted' ? { label: 'Left out', tone: 'neutral' } : statusText(status);
}

/** Counts as tiles. @param leftOut - how many of the rows that were not sent were left out by the user. */
export function countTiles(
  counts: Readonly<Record<string, number>>,
  leftOut: number,
): { readonly label: string; readonly value: string; readonly tone: Tone | undefined }[] {
  return labeledCounts(counts, leftOut).map(({ label, tone, count }) => ({
    label,
    value: numberText(count),
    tone: tone === 'bad' ? tone : undefined,
  }));
}

/** Counts as one line: `55 created, 5 failed, 2 left out`. @param leftOut - as of `countTiles`. */
export function countsLine(counts: Readonly<Record<string, number>>, leftOut = 0): string {
  return labeledCounts(counts, leftOut)
    .map(({ label, count }) => `${numberText(count)} ${label.toLowerCase()}`)
    .join(', ');
}

function labeledCounts(
  counts: Readonly<Record<string, number>>,
  leftOut: number,
): (StatusText & { readonly count: number })[] {
  const notAttempted = counts['not-attempted'] ?? 0;
  // During a run, rows that are left out may not have been counted yet.
  const known = leftOut > notAttempted ? 0 : leftOut;
  return [
    ...Object.entries(counts).map(([status, all]) => ({
      ...statusText(status),
      count: status === 'not-attempted' ? all - known : all,
    })),
    { ...planStatusText('not-attempted'), count: known },
  ].filter(({ count }) => count > 0);
}
