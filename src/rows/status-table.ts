import type { OutcomeStatus } from './outcome.js';

/** How good a status is: decides color and order wherever statuses are listed. */
export type Tone = 'good' | 'neutral' | 'warning' | 'bad' | 'pending';

/** Name of a status among the counts of `summary.json`. */
export type CountName = (typeof STATUS_TABLE)[OutcomeStatus]['count'];

export interface StatusInfo {
  readonly count: CountName;
  /** For people: `3 would be created`. */
  readonly label: string;
  readonly tone: Tone;
}

/** Every status, in the order of the counts in `summary.json`. */
export const STATUS_TABLE = {
  created: { count: 'created', label: 'created', tone: 'good' },
  updated: { count: 'updated', label: 'updated', tone: 'good' },
  unchanged: { count: 'unchanged', label: 'unchanged', tone: 'neutral' },
  suspended: { count: 'suspended', label: 'suspended', tone: 'good' },
  deactivated: { count: 'deactivated', label: 'deactivated', tone: 'good' },
  leaver: { count: 'leavers', label: 'no longer in the file', tone: 'warning' },
  exists: { count: 'exists', label: 'already in Okta', tone: 'neutral' },
  invalid: { count: 'invalid', label: 'invalid', tone: 'bad' },
  failed: { count: 'failed', label: 'failed', tone: 'bad' },
  'not-attempted': { count: 'notAttempted', label: 'not attempted', tone: 'pending' },
  valid: { count: 'valid', label: 'valid', tone: 'good' },
  'would-create': { count: 'wouldCreate', label: 'would be created', tone: 'good' },
  'would-update': { count: 'wouldUpdate', label: 'would be updated', tone: 'good' },
  'would-suspend': { count: 'wouldSuspend', label: 'would be suspended', tone: 'good' },
  'would-deactivate': { count: 'wouldDeactivate', label: 'would be deactivated', tone: 'good' },
  removed: { count: 'removed', label: 'deleted', tone: 'good' },
  restored: { count: 'restored', label: 'restored', tone: 'good' },
  kept: { count: 'kept', label: 'kept', tone: 'warning' },
  activated: { count: 'activated', label: 'activated', tone: 'good' },
  reminded: { count: 'reminded', label: 'reminded', tone: 'good' },
} as const satisfies Readonly<
  Record<OutcomeStatus, { readonly count: string; readonly label: string; readonly tone: Tone }>
>;

const TONES: readonly Tone[] = ['good', 'neutral', 'warning', 'bad', 'pending'];

/** Every status in the order in which people see them: good ones first. */
export const STATUSES: readonly (StatusInfo & { readonly status: string })[] = Object.entries(STATUS_TABLE)
  .map(([status, info]) => ({ status, ...info }))
  .sort((one, other) => TONES.indexOf(one.tone) - TONES.indexOf(other.tone));

const BY_STATUS: ReadonlyMap<string, StatusInfo> = new Map(Object.entries(STATUS_TABLE));

/** How a status is shown. A status of a newer version is shown under its own name. */
export function statusInfo(status: string): Pick<StatusInfo, 'label' | 'tone'> {
  return BY_STATUS.get(status) ?? { label: status.replaceAll('-', ' '), tone: 'neutral' };
}

/** Whether a row of this status has to be corrected. */
export function isFailure(status: string): boolean {
  return statusInfo(status).tone === 'bad';
}
