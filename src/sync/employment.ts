import type { SyncSettings } from '../journal/journal-line.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';

export type EmploymentStage =
  /** The user is not created yet. */
  | { readonly kind: 'too-early'; readonly reason: string }
  /** The user is created staged. */
  | { readonly kind: 'ahead' }
  | { readonly kind: 'employed' }
  /** The last day has passed. */
  | { readonly kind: 'over'; readonly reason: string };

/** Where a person stands on the day of the run. */
export function employmentStage(
  { start, end }: EmploymentDates,
  { today, createAheadDays }: Pick<SyncSettings, 'today' | 'createAheadDays'>,
): EmploymentStage {
  // ISO dates sort as text.
  if (end !== undefined && end < today) return { kind: 'over', reason: `The last day was ${end}.` };
  if (start === undefined || start <= today) return { kind: 'employed' };
  const from = addDays(start, -createAheadDays);
  if (from <= today) return { kind: 'ahead' };
  return { kind: 'too-early', reason: `Starts on ${start}. The user is created from ${from} on.` };
}

/** @param day - `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The day that it is somewhere.
 *
 * @param timeZone - IANA name.
 * @returns `YYYY-MM-DD`.
 */
export function dayIn(timeZone: string, ms: number): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const at = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${at['year']}-${at['month']}-${at['day']}`;
}
