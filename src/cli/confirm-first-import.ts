import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Summary } from '../report/summary.js';
import { JOURNAL_FILE, type RunDescription } from '../journal/journal-line.js';

import { saysYes } from './confirm.js';
import type { RowFlags } from './bodies/load-mapping.js';
import type { CommandContext } from './command-context.js';
import { escapeControlCharacters } from '../text.js';

/** An import that is about to begin. */
export interface ImportPlan {
  /** Path of the CSV, as typed. */
  readonly file: string;
  readonly sha256: string;
  readonly orgUrl: string;
  /** Records that will be done. */
  readonly rows: number;
  readonly flags: RowFlags;
  /** Where run folders are. */
  readonly reports: string;
}

/**
 * Has somebody at a terminal confirm the first import of a file into an org that no dry run has looked at. Where nobody
 * can answer there is no question: a schedule is never held up.
 *
 * @returns whether to go on.
 */
export async function isConfirmed(
  plan: ImportPlan,
  surroundings: CommandContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { terminal, canAsk } = surroundings;
  if (!canAsk || terminal.isJson) return true;
  // Standard input is the file then, and nobody's answer.
  if (plan.file === '-' || plan.rows === 0) return true;
  if (await isKnown(plan)) return true;
  terminal.info(wordsOf(plan));
  return saysYes('Go on?', surroundings, signal);
}

function wordsOf({ file, orgUrl, rows, flags }: ImportPlan): string {
  const { activate, group, userType, ifExists } = flags;
  const people = rows === 1 ? '1 row becomes a user' : `${rows} rows become users`;
  const groups = group.length === 0 ? '' : `, in ${group.join(', ')}`;
  const type = userType === undefined ? '' : `, of type ${userType}`;
  const state = activate ? 'active' : 'staged (--no-activate)';
  const mails = activate ? ' Okta mails an activation link to everyone who gets no password.' : '';
  return [
    `This is the first import of ${file} into ${orgUrl}, and no dry run with the org came before it.`,
    `${people} of ${orgUrl}: ${state}${groups}${type}.${mails}`,
    `People who are there already: ${THERE_ALREADY[ifExists]} (--if-exists ${ifExists}).`,
    `To see the plan first: okta-csv-import validate ${file} --org`,
  ]
    .map(escapeControlCharacters)
    .join('\n');
}

const THERE_ALREADY: Readonly<Record<RowFlags['ifExists'], string>> = {
  fail: 'their rows fail',
  skip: 'they are left alone',
  update: 'their profiles are brought up to date',
};

/** Whether an earlier run in the reports folder imported, or checked with the org, the same bytes for the same org. */
async function isKnown({ sha256, orgUrl, reports }: ImportPlan): Promise<boolean> {
  const names = await readdir(reports).catch(() => []);
  // The newest first: their names begin with the time.
  for (const name of names.toSorted((one, other) => (one < other ? 1 : -1))) {
    const run = await runIn(join(reports, name));
    if (run?.org === orgUrl && run.file?.sha256 === sha256 && KNOWING.has(run.command ?? '')) return true;
  }
  return false;
}

const KNOWING = new Set(['import', 'validate']);

type Told = Partial<Pick<RunDescription, 'command' | 'file'>> & { readonly org?: string | null };

/** What a run's folder says of it; undefined for a folder that is none. */
async function runIn(folder: string): Promise<Told | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')) as Summary & Told;
  } catch {
    // A run that was killed has a journal only.
    return journalIn(folder);
  }
}

/** More than the first line of a journal, which says what the run is about. */
const FIRST_LINE_BYTES = 64 * 1024;

async function journalIn(folder: string): Promise<Told | undefined> {
  try {
    const file = await open(join(folder, JOURNAL_FILE), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_LINE_BYTES), 0, FIRST_LINE_BYTES, 0);
      const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
      return JSON.parse(line) as Told;
    } finally {
      await file.close();
    }
  } catch {
    // No journal, or none that can be read: it is no evidence of anything.
    return undefined;
  }
}
