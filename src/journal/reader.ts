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
import { OUTCOME_UNKNOWN, type RowOutcome } from '../rows/outcome.js';
import { OUTCOME_LINE_START, parseOutcome } from './outcome-line.js';
import type { Sample } from './progress-samples.js';

/** The journal is not one, or is damaged elsewhere than in its last line. */
export class DamagedJournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL_DAMAGED';

  constructor(path: string, what: string) {
    super(`${path} ${what}.`, { hint: 'Restore the run folder from a copy, or import the file anew.' });
  }
}

/** Records reach the disk within a quarter of a second; a request that they tell of may take longer. */
const UNSYNCED_MS = 60_000;

/** What a journal says of its run. Memory: eight bytes a row, whatever the lines hold, and the samples. */
export interface PastRun {
  readonly description: RunDescription;
  /** Length of the whole lines; what follows is a line torn by a crash. */
  readonly bytes: number;
  /** Whether the last thing that happened was an orderly end, and with which exit code. */
  readonly exitCode: number | undefined;
  /** Whether a row has a final outcome. */
  isSettled(row: number): boolean;
  /** That orderly end. */
  readonly end: RunEnd | undefined;
  /** Samples by the process that took them: the first one's, and one list more for every `resume`. */
  readonly sessions: readonly (readonly Sample[])[];
  /** A row's final outcome; undefined for a row that is still to be done, or whose outcome is unknown. */
  outcomeOf(row: number): RowOutcome | undefined;
  /**
   * When creates may have been sent whose records went with the power, by the org's clock: just after the last that is
   * on record, of the first process that ended otherwise than in order. Undefined when all of them ended in order.
   */
  readonly unrecordedWindow: { readonly sinceMs: number; readonly untilMs: number } | undefined;
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
  /** Since when records may be missing: the first end of a process that was none in order. */
  let unrecordedSinceMs: number | undefined;

  const settle = (row: number, offset: number): void => {
    lastRow = Math.max(lastRow, row);
    attempts.delete(row);
    if (row >= offsets.length) offsets = grow(offsets, row);
    if (offsets[row] === -1) rowsSettled += 1;
    offsets[row] = offset;
  };
  const attempted = (row: number, orgMs: number, update: RecordedUpdate | undefined): void => {
    lastRow = Math.max(lastRow, row);
    lastOrgMs = Math.max(lastOrgMs, orgMs);
    // The first attempt counts: a user may have come from any of them. Of updates the last tells of all before it.
    // And the first may be one whose record is missing.
    const firstMs = attempts.get(row)?.orgMs ?? Math.min(orgMs, unrecordedSinceMs ?? orgMs);
    attempts.set(row, { orgMs: firstMs, update });
  };
  const read = (text: string, offset: number): void => {
    const line = parseLine(text, path, offset);
    if (description === undefined) {
      if (line.type !== 'run') {
        throw new DamagedJournalError(path, 'does not begin with the description of a run');
      }
      if (line.journal !== 1) {
        throw new DamagedJournalError(path, `is of another version of this program (${line.version})`);
      }
      description = line;
      lastOrgMs = line.startedAtOrgMs;
      return;
    }
    if (line.type === 'resumed' && ending === undefined) unrecordedSinceMs ??= lastOrgMs;
    ending = line.type === 'finished' ? line : undefined;
    if (line.type === 'attempt') attempted(line.row, line.orgMs, line.update);
    else if (line.type === 'group') groups.push({ groupId: line.groupId, name: line.name });
    else if (line.type === 'sample') sessions.at(-1)?.push(line);
    else if (line.type === 'resumed') sessions.push([]);
    else if (line.type === 'outcome') {
      lastRow = Math.max(lastRow, line.row);
      if (isInDoubt(line)) return;
      // Its attempt was journaled and then not sent.
      if (line.status === 'not-attempted') attempts.delete(line.row);
      else settle(line.row, offset);
    }
  };

  for await (const { block, offset: blockOffset } of wholeLines(path)) {
    const text = block.toString('latin1');
    for (let at = 0, end = 0; at < text.length; at = end + 1) {
      end = text.indexOf('\n', at);
      const offset = blockOffset + at;
      const line = description && scanLine(text.slice(at, end));
      if (line === undefined) read(block.toString('utf8', at, end), offset);
      else {
        ending = undefined;
        if (line.orgMs === undefined) settle(line.row, offset);
        else attempted(line.row, line.orgMs, undefined);
      }
    }
    bytes = blockOffset + block.length;
  }
  if (description === undefined) throw new DamagedJournalError(path, 'holds no whole line');
  if (ending === undefined) unrecordedSinceMs ??= lastOrgMs;
  const lines = new LineFinder(path);
  return {
    description,
    bytes,
    exitCode: ending?.exitCode,
    end: ending,
    sessions,
    isSettled: (row) => (offsets[row] ?? -1) >= 0,
    outcomeOf: (row) => {
      const offset = offsets[row] ?? -1;
      if (offset < 0) return undefined;
      try {
        return parseOutcome(lines.lineAt(offset));
      } catch {
        throw damagedAt(path, offset);
      }
    },
    unrecordedWindow:
      unrecordedSinceMs === undefined
        ? undefined
        : { sinceMs: unrecordedSinceMs, untilMs: lastOrgMs + UNSYNCED_MS },
    rowsInDoubt: attempts.size,
    inDoubtSinceMs: (row) => attempts.get(row)?.orgMs,
    interruptedUpdate: (row) => attempts.get(row)?.update,
    lastRow,
    rowsSettled,
    groups,
    close: () => lines.close(),
  };
}

function isInDoubt(outcome: RowOutcome): boolean {
  return outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN;
}

function parseLine(text: string, path: string, offset: number): JournalLine {
  try {
    const line: unknown = JSON.parse(text);
    if (isJournalLine(line)) return line;
  } catch {
    // Said below.
  }
  throw damagedAt(path, offset);
}

function damagedAt(path: string, offset: number): DamagedJournalError {
  return new DamagedJournalError(path, `is damaged at byte ${offset}: that line is not one of a journal`);
}

function isJournalLine(value: unknown): value is JournalLine {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function grow(offsets: Float64Array<ArrayBuffer>, row: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(row + 1, offsets.length * 2)).fill(-1);
  larger.set(offsets);
  return larger;
}

const ATTEMPT = '{"type":"attempt","row":';
const OUTCOME = `${OUTCOME_LINE_START}"row":`;
/** Outcomes that stand, whatever else the line says. */
const SETTLED = /"status":"(?:created|updated|unchanged|exists|invalid)"/;

/**
 * What nearly all lines say, told without parsing them: an attempt to create, with `orgMs`, or an outcome that stands. Undefined for
 * any other line, and for one that has a brace within, as two have that were torn and run together: those are to be parsed.
 *
 * In the text of a login no key can seem to stand: its quotes are escaped.
 *
 * @param line - in any encoding that agrees with ASCII.
 */
function scanLine(line: string): { readonly row: number; readonly orgMs: number | undefined } | undefined {
  const isOutcome = line.startsWith(OUTCOME);
  if ((!isOutcome && !line.startsWith(ATTEMPT)) || line.indexOf('{', 1) !== -1) return undefined;
  if (line.indexOf('}') !== line.length - 1) return undefined;
  const row = Number.parseInt(line.slice(OUTCOME.length, OUTCOME.length + 16), 10);
  if (isOutcome) return SETTLED.test(line) ? { row, orgMs: undefined } : undefined;
  const orgMs = Number(line.slice(line.lastIndexOf(':') + 1, -1));
  return line.includes(`,"orgMs":${orgMs}}`) ? { row, orgMs } : undefined;
}

const NEWLINE = 0x0a;

/** Blocks of lines that end in a newline, with their places in bytes; a torn last line is left out. */
async function* wholeLines(path: string): AsyncGenerator<{ block: Buffer; offset: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = rest.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield { block: rest.subarray(0, end), offset };
    rest = rest.subarray(end);
    offset += end;
  }
}

/** Rows are asked for in the order of the file, and were written nearly in that order: what was read serves for many. */
const WINDOW_BYTES = 128 * 1024;
const BEFORE_BYTES = 32 * 1024;

/** Finds lines of a file by their places. */
class LineFinder {
  readonly #file: number;
  #buffer: Buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  lineAt(offset: number): string {
    for (let bytes = WINDOW_BYTES; ; bytes *= 2) {
      const at = offset - this.#windowAt;
      const end = at < 0 ? -1 : this.#window.indexOf(NEWLINE, at);
      if (end >= 0) return this.#window.toString('utf8', at, end);
      // A line may be longer than a window.
      this.#windowAt = Math.max(0, offset - BEFORE_BYTES);
      if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(bytes);
      const read = readSync(this.#file, this.#buffer, 0, bytes, this.#windowAt);
      this.#window = this.#buffer.subarray(0, read);
      if (read < bytes && this.#window.indexOf(NEWLINE, offset - this.#windowAt) < 0) return '';
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
