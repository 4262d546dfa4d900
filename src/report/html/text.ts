import type { RunState } from '../../journal/journal-outcomes.js';
import type { Summary } from '../summary.js';

import { STATUSES, type Tone } from '../../rows/status-table.js';

/** A run as its page shows it: its summary, even if it has no end yet. */
export interface ShownRun {
  readonly state: RunState;
  readonly summary: Omit<Summary, 'exitCode'> & { readonly exitCode: number | null };
  /** Data records of the file, or users of the run that is undone; undefined where only what came counts. */
  readonly records: number | undefined;
}

/** How many rows ended with a status. */
export interface StatusCount {
  readonly status: string;
  readonly label: string;
  readonly tone: Tone;
  readonly rows: number;
}

/** Every status that some row has, in the order in which they are told. */
export function statusCounts({ counts }: Pick<Summary, 'counts'>): StatusCount[] {
  return STATUSES.flatMap(({ status, label, tone, count }) =>
    counts[count] === 0 ? [] : [{ status, label, tone, rows: counts[count] }],
  );
}

/** The verdict in two words, with what it means for its color. */
export function verdict({ state, summary }: ShownRun): { readonly words: string; readonly tone: Tone } {
  if (state === 'running') return { words: 'Still going on', tone: 'neutral' };
  if (state === 'interrupted') return { words: 'Broke off', tone: 'bad' };
  if (summary.stoppedBecause !== null) return { words: 'Stopped early', tone: 'bad' };
  switch (summary.exitCode) {
    case 0:
      return { words: 'All is well', tone: 'good' };
    case 1:
    case 2:
      return { words: 'Needs attention', tone: 'warning' };
    default:
      return { words: 'Stopped early', tone: 'bad' };
  }
}

const DONE: Readonly<Record<string, (org: string) => readonly [one: string, many: string]>> = {
  import: (org) => [`person is in ${org}`, `people are in ${org}`],
  validate: () => ['row is ready to be imported', 'rows are ready to be imported'],
  undo: (org) => [`user was taken back from ${org}`, `users were taken back from ${org}`],
  activate: (org) => [`user was activated in ${org}`, `users were activated in ${org}`],
};

/** What came of the run, in a sentence. */
export function headline(run: ShownRun): string {
  const { summary, records = summary.counts.total } = run;
  const counts = statusCounts(summary);
  const good = total(counts, ['good', 'neutral']);
  const [one, many] = DONE[summary.command]?.(orgName(summary.org)) ?? ['row went well', 'rows went well'];
  if (records === 0) return 'The file holds no records: there was nothing to do.';
  const of = good === records ? (records === 1 ? 'The' : 'All') : `${number(good)} of`;
  const figure = good === records && records === 1 ? '' : ` ${number(records)}`;
  return `${of}${figure} ${records === 1 ? one : many}.`;
}

/** What is left to be done about it; empty when nothing is. */
export function remainder({ summary, state, records }: ShownRun): string {
  const counts = statusCounts(summary);
  const bad = total(counts, ['bad', 'warning']);
  const open = total(counts, ['pending']);
  const toCome = Math.max(0, (records ?? 0) - summary.counts.total);
  return [
    bad > 0 ? `${number(bad)} ${bad === 1 ? 'needs' : 'need'} attention.` : '',
    open > 0 ? `${number(open)} ${open === 1 ? 'was' : 'were'} not attempted.` : '',
    toCome > 0 && state === 'running' ? `${number(toCome)} are still to come.` : '',
    toCome > 0 && state === 'interrupted' ? `${number(toCome)} have no outcome.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function total(counts: readonly StatusCount[], tones: readonly Tone[]): number {
  return counts.reduce((sum, { tone, rows }) => (tones.includes(tone) ? sum + rows : sum), 0);
}

/** The org without what every URL has. */
export function orgName(org: string | null): string {
  if (org === null) return 'no org';
  return URL.canParse(org) ? new URL(org).host : org;
}

/** With thin spaces between thousands would be finer; commas are what a search finds. */
export function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** `2026-11-24 02:00:05 UTC`. */
export function instant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
