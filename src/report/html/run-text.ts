import type { StartedBy } from '../../journal/journal-line.js';
import type { RunState } from '../../journal/journal-outcomes.js';
import type { Counts } from '../../rows/counts.js';
import { STATUSES, type Tone } from '../../rows/status-table.js';
import type { AccountCounts } from '../account-counts.js';
import type { GroupCount } from '../group-counts.js';
import { emptyRunText, type PastSummary } from '../summary.js';

import { formatNumber } from './format.js';

/** A run as its page shows it, whether it has ended or not. */
export interface RunView {
  readonly state: RunState;
  readonly summary: PastSummary;
  /** Rows of the file; undefined where the rows with an outcome are all there are. */
  readonly totalRows: number | undefined;
  /** Undefined for a run that writes nothing to the org. */
  readonly accounts?: AccountCounts | undefined;
  readonly groups?: readonly GroupCount[] | undefined;
  /** Names of the groups that the run created. */
  readonly createdGroups?: readonly string[] | undefined;
  /** Sentences that may end in a command. */
  readonly nextSteps?: readonly string[] | undefined;
  readonly startedBy?: StartedBy | undefined;
  /** The flags of the run, as words of a command line. */
  readonly flags?: readonly string[] | undefined;
  /** Whether an activation sent emails; false for a run that wrote links to a file. */
  readonly sendsEmail?: boolean | undefined;
}

/** Whether the file was an Excel workbook. */
export function isWorkbook({ summary: { file } }: RunView): boolean {
  return file.sheet !== undefined || /\.xls[xm]$/i.test(file.name);
}

/** What the lines of the file are called: people who opened a workbook look for the row of its sheet. */
export function lineLabelOf(run: RunView): string {
  return isWorkbook(run) ? 'Sheet row' : 'Line';
}

/** Number of rows with a status. */
export interface StatusCount {
  readonly status: string;
  readonly label: string;
  readonly tone: Tone;
  readonly rows: number;
}

/** Every status that at least one row has, in display order. */
export function statusCounts(counts: Counts): StatusCount[] {
  return STATUSES.flatMap(({ status, label, tone, count }) =>
    counts[count] === 0 ? [] : [{ status, label, tone, rows: counts[count] }],
  );
}

/** The result in two or three words. */
export function runStatus({ state, summary }: RunView): { readonly label: string; readonly tone: Tone } {
  if (state === 'running') return { label: 'Running', tone: 'neutral' };
  if (state === 'interrupted') return { label: 'Interrupted', tone: 'bad' };
  if (summary.stoppedBecause !== null) return { label: 'Stopped early', tone: 'bad' };
  if (summary.wouldStopBecause !== undefined) return { label: 'Would stop', tone: 'bad' };
  switch (summary.exitCode) {
    case 0:
      return { label: 'All rows succeeded', tone: 'good' };
    case 1:
    case 2:
      // A color means the same everywhere on the page: red are rows to correct.
      return { label: 'Needs attention', tone: sumOf(summary.counts, ['bad']) > 0 ? 'bad' : 'warning' };
    default:
      return { label: 'Stopped early', tone: 'bad' };
  }
}

/** The result in one sentence: `8 of 10 users are in acme.okta.com.` */
export function headline({ summary, totalRows = summary.counts.total }: RunView): string {
  if (totalRows === 0) return emptyRunText(summary.command);
  const succeeded = sumOf(summary.counts, ['good', 'neutral']);
  const { noun, one, many } = successText(summary);
  if (totalRows === 1) return succeeded === 1 ? `The ${noun} ${one}.` : `0 of 1 ${noun} ${one}.`;
  const subject = succeeded === totalRows ? 'All' : `${formatNumber(succeeded)} of`;
  return `${subject} ${formatNumber(totalRows)} ${noun}s ${succeeded === 1 ? one : many}.`;
}

interface SuccessText {
  readonly noun: string;
  readonly one: string;
  readonly many: string;
}

function successText({ command, counts, org }: PastSummary): SuccessText {
  switch (command) {
    case 'import':
      return { noun: 'user', one: `is in ${orgName(org)}`, many: `are in ${orgName(org)}` };
    case 'sync': {
      const what = `up to date in ${orgName(org)}`;
      return { noun: 'user', one: `is ${what}`, many: `are ${what}` };
    }
    case 'validate':
      return { noun: 'row', one: 'is ready to import', many: 'are ready to import' };
    case 'activate':
      return { noun: 'user', one: 'was activated', many: 'were activated' };
    case 'remind':
      return { noun: 'user', one: 'was reminded', many: 'were reminded' };
    case 'undo': {
      const verb =
        counts.restored === 0 ? 'deleted' : counts.removed === 0 ? 'restored' : 'deleted or restored';
      return { noun: 'user', one: `was ${verb}`, many: `were ${verb}` };
    }
    default:
      return { noun: 'row', one: 'succeeded', many: 'succeeded' };
  }
}

/** What remains to be done, in sentences; empty when nothing does. */
export function remainder({ summary, state, totalRows }: RunView): string {
  const { counts } = summary;
  const failed = sumOf(counts, ['bad', 'warning']);
  const notAttempted = sumOf(counts, ['pending']);
  const open = Math.max(0, (totalRows ?? 0) - counts.total);
  return [
    failed > 0 ? `${formatNumber(failed)} ${failed === 1 ? 'needs' : 'need'} attention.` : '',
    notAttempted > 0
      ? `${formatNumber(notAttempted)} ${notAttempted === 1 ? 'was' : 'were'} not attempted.`
      : '',
    open > 0 && state === 'running' ? `${formatNumber(open)} remaining.` : '',
    open > 0 && state === 'interrupted' ? `${formatNumber(open)} without an outcome.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** What became of the file in the end, in one sentence; undefined if its failed rows were not imported again. */
export function inTheEndText({ inTheEnd, org, runId }: PastSummary): string | undefined {
  if (inTheEnd === undefined) return undefined;
  const { rows, succeeded, file } = inTheEnd;
  const runs = inTheEnd.runId === runId ? 'with the retries of this run' : `with run ${inTheEnd.runId}`;
  const count = succeeded === rows ? 'all' : `${formatNumber(succeeded)} of`;
  const verb = succeeded === 1 ? 'is' : 'are';
  return `In the end, ${runs}, ${count} ${formatNumber(rows)} users of ${file} ${verb} in ${orgName(org)}.`;
}

/** The host of the org. */
export function orgName(org: string | null): string {
  if (org === null) return 'offline';
  return URL.canParse(org) ? new URL(org).host : org;
}

function sumOf(counts: Counts, tones: readonly Tone[]): number {
  return statusCounts(counts).reduce((sum, { tone, rows }) => (tones.includes(tone) ? sum + rows : sum), 0);
}
