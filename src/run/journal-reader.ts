import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import { OktaImportError } from '../errors.js';

import {
  JOURNAL_FILE,
  type JournalLine,
  type RecordedUpdate,
  type RunDescription,
  type RunEnd,
} from './journal.js';
import { OUTCOME_UNKNOWN, type Outcome } from './outcome.js';
import type { Sample } from './samples.js';

/** The journal is not one, or is damaged elsewhere than in its last line. */
export class DamagedJournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL_DAMAGED';

  constructor(path: string, what: string) {
    super(`${path} ${what}.`, { hint: 'Restore the run folder from a copy, or import the file anew.' });
  }
}

/** Records reach the disk within a quarter of a second; a request that they tell of may take longer. */
const LOST_FOR_MS = 60_000;

/** What a journal says of its run. Memory: eight bytes a row, whatever the lines hold, and the samples. */
export interface PastRun {
  readonly description: RunDescription;
  /** Length of the whole lines; what follows is a line torn by a crash. */
  readonly bytes: number;
  /** Whether the last thing that happened was an orderly end, and with which exit code. */
  readonly exitCode: number | undefined;
  /** That orderly end. */
  readonly end: RunEnd | undefined;
  /** Samples by the process that took them: the first one's, and one list more for every `resume`. */
  readonly sessions: readonly (readonly Sample[])[];
  /** A row's final outcome; undefined for a row that is still to be done, or whose outcome is unknown. */
  outcomeOf(row: number): Outcome | undefined;
  /**
   * When creates may have been sent whose records went with the power, by the org's clock: just after the last that is
   * on record. Undefined after an orderly end.
   */
  readonly lost: { readonly sinceMs: number; readonly untilMs: number } | undefined;
  /** How many rows were tried and left without an outcome. */
  readonly rowsInDoubt: number;
  /** When a row in doubt was first tried, by the org's clock; undefined for rows that are not in doubt. */
  inDoubtSinceMs(row: number): number | undefined;
  /** What had been begun for a row in doubt; undefined when that was a create, and for rows that are not in doubt. */
  interruptedUpdate(row: number): RecordedUpdate | undefined;
  /** The last row that was tried or has an outcome; 0 when none was. */
  readonly lastRow: number;
  /** How many rows have a final outcome. */
  readonly rowsSettled: number;
  /** Groups that the run created. */
  readonly groups: readonly { readonly groupId: string; readonly name: string }[];
  close(): void;
}

/**
 * Reads a journal whole, line by line.
 *
 * @throws {DamagedJournalError} the first line does not describe a run, or a line that ends in a newline is not one of a journal.
 */
export async function readJournal(folder: string): Promise<PastRun> {
  const path = join(folder, JOURNAL_FILE);
  let description: RunDescription | undefined;
  let ending: RunEnd | undefined;
  const sessions: Sample[][] = [[]];
  let offsets = new Float64Array(1024).fill(-1);
  const attempts = new Map<number, { readonly orgMs: number; readonly update: RecordedUpdate | undefined }>();
  const groups: { readonly groupId: string; readonly name: string }[] = [];
  let rowsSettled = 0;
  let lastRow = 0;
  let bytes = 0;
  let lastOrgMs = 0;

  for await (const { text, offset, end } of wholeLines(path)) {
    const line = parseLine(text, path, offset);
    bytes = end;
    if (description === undefined) {
      if (line.type !== 'run') {
        throw new DamagedJournalError(path, 'does not begin with the description of a run');
      }
      if (line.journal !== 1) {
        throw new DamagedJournalError(path, `is of another version of this program (${line.version})`);
      }
      description = line;
      lastOrgMs = line.startedAtOrgMs;
      continue;
    }
    ending = line.type === 'finished' ? line : undefined;
    if (line.type === 'attempt' || line.type === 'outcome') lastRow = Math.max(lastRow, line.row);
    if (line.type === 'attempt') {
      lastOrgMs = Math.max(lastOrgMs, line.orgMs);
      // The first attempt counts: a user may have come from any of them. Of updates the last tells of all before it.
      const { orgMs } = attempts.get(line.row) ?? line;
      attempts.set(line.row, { orgMs, update: line.update });
    } else if (line.type === 'group') {
      groups.push({ groupId: line.groupId, name: line.name });
    } else if (line.type === 'outcome') {
      if (isInDoubt(line)) continue;
      attempts.delete(line.row);
      // Its attempt was journaled and then not sent.
      if (line.status === 'not-attempted') continue;
      if (line.row >= offsets.length) offsets = grown(offsets, line.row);
      if (offsets[line.row] === -1) rowsSettled += 1;
      offsets[line.row] = offset;
    } else if (line.type === 'sample') sessions.at(-1)?.push(line);
    else if (line.type === 'resumed') sessions.push([]);
  }
  if (description === undefined) throw new DamagedJournalError(path, 'holds no whole line');
  const file = openSync(path, 'r');
  return {
    description,
    bytes,
    exitCode: ending?.exitCode,
    end: ending,
    sessions,
    outcomeOf: (row) => {
      const offset = offsets[row] ?? -1;
      return offset < 0 ? undefined : outcomeAt(file, offset);
    },
    lost: ending === undefined ? { sinceMs: lastOrgMs, untilMs: lastOrgMs + LOST_FOR_MS } : undefined,
    rowsInDoubt: attempts.size,
    inDoubtSinceMs: (row) => attempts.get(row)?.orgMs,
    interruptedUpdate: (row) => attempts.get(row)?.update,
    lastRow,
    rowsSettled,
    groups,
    close: () => closeSync(file),
  };
}

function isInDoubt(outcome: Outcome): boolean {
  return outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN;
}

function parseLine(text: string, path: string, offset: number): JournalLine {
  try {
    const line: unknown = JSON.parse(text);
    if (isJournalLine(line)) return line;
  } catch {
    // Said below.
  }
  throw new DamagedJournalError(path, `is damaged at byte ${offset}: that line is not one of a journal`);
}

function isJournalLine(value: unknown): value is JournalLine {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function grown(offsets: Float64Array<ArrayBuffer>, row: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(row + 1, offsets.length * 2)).fill(-1);
  larger.set(offsets);
  return larger;
}

const NEWLINE = 0x0a;

/** The lines that end in a newline, with their places in bytes; a torn last line is left out. */
async function* wholeLines(path: string): AsyncGenerator<{ text: string; offset: number; end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      yield { text: rest.toString('utf8', start, end), offset: offset + start, end: offset + end + 1 };
      start = end + 1;
    }
    rest = rest.subarray(start);
    offset += start;
  }
}

function outcomeAt(file: number, offset: number): Outcome {
  let text: Buffer = Buffer.alloc(0);
  const chunk = Buffer.alloc(4096);
  for (;;) {
    const read = readSync(file, chunk, 0, chunk.length, offset + text.length);
    text = Buffer.concat([text, chunk.subarray(0, read)]);
    const end = text.indexOf(NEWLINE);
    if (end >= 0 || read === 0) {
      const line: unknown = JSON.parse(text.toString('utf8', 0, end));
      if (!isJournalLine(line) || line.type !== 'outcome') throw new Error(`No outcome at byte ${offset}.`);
      const { type: _, ...outcome } = line;
      return outcome;
    }
  }
}
