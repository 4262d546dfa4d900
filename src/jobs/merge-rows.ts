import type { DetectedFormat } from '../csv/csv-table.js';
import { MergedRows, type MergedFile } from '../engine/merged-rows.js';
import type { Row } from '../rows/row.js';
import { plural } from '../text.js';

import type { Checks } from './compile-checks.js';
import type { Input } from './input.js';
import type { JobContext } from './job.js';
import type { ResolvedOptions } from './options.js';

/** Which rows of a file follow others. */
export interface RowMerging extends MergedFile {
  /** Whether a row is sent at all. */
  readonly isSent: (row: Row) => boolean;
}

/**
 * Reads the file once to find the rows of the same user that differ in their groups only: the first of them is sent with the
 * groups of all.
 *
 * @returns undefined if rows of the file are never merged; without groups they are not, and records are read only once.
 */
export async function findMergedRows(
  input: Input,
  found: DetectedFormat,
  {
    checks,
    options,
    signal,
  }: { readonly checks: Checks; readonly options: ResolvedOptions; readonly signal: AbortSignal },
): Promise<RowMerging | undefined> {
  const merging = mergeWhileReading(checks, options);
  if (merging === undefined) return undefined;
  const { merged, isSent } = merging;
  const { batches } = await input.read({ found }, signal);
  for await (const batch of batches) {
    for (const row of batch) {
      const user = isSent(row) ? checks.userRows?.read(row) : undefined;
      if (user !== undefined) merged.add(row, user);
    }
    signal.throwIfAborted();
  }
  return { ...merging, isComplete: true };
}

/** The same without reading the file first: enough for checks that ask no org, because a leader is then sent with no groups. */
export function mergeWhileReading(
  { userRows }: Pick<Checks, 'userRows'>,
  { isSelected, hiddenRows }: Pick<ResolvedOptions, 'isSelected' | 'hiddenRows'>,
): RowMerging | undefined {
  if (userRows === undefined) return undefined;
  return {
    merged: new MergedRows(),
    isComplete: false,
    isSent: ({ row, isHidden }) =>
      isSelected?.(row) !== false && !(isHidden === true && hiddenRows === 'skip'),
  };
}

/** Says that several rows are one user. */
export function noticeMergedRows(
  merging: RowMerging | undefined,
  { observer }: Pick<JobContext, 'observer'>,
): void {
  const followers = merging?.merged.followers ?? 0;
  if (followers === 0) return;
  const verb = followers === 1 ? 'is' : 'are';
  observer?.notice?.(
    `${plural(followers, 'row')} ${verb} about the user of an earlier row and differ${followers === 1 ? 's' : ''} in the groups only: ${followers === 1 ? 'it is' : 'they are'} merged with that row.`,
  );
}
