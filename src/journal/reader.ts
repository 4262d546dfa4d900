import { join } from 'node:path';

import { OktaImportError } from '../errors.js';
import { OUTCOME_UNKNOWN, type RowOutcome } from '../rows/outcome.js';

import { completeLines, LineFinder } from './journal-file.js';
import {
  JOURNAL_FILE,
  parseOutcome,
  scanLine,
  type AttemptTime,
  type JournalLine,
  type RecordedUpdate,
  type RunDescription,
  type RunEnd,
} from './journal-line.js';
import { Session, type PossibleCreate, type RecordedCreate } from './possible-create.js';
import type { Sample } from './progress-samples.js';

/** The file is not a journal, or is damaged elsewhere than in its last line. */
export class DamagedJournalError extends OktaImportError {
  override readonly code = 'ERR_JOURNAL_DAMAGED';

  constructor(path: string, problem: string) {
    super(`${path} ${problem}.`, {
      hint: 'Restore the run folder from a backup, or import the file in a new run.',
    });
  }
}

/** What a journal says about its run. Memory: eight bytes per row, whatever the lines hold, and the samples. */
export interface PastRun {
  readonly description: RunDescription;
  /** Length of the complete lines; what follows is a line torn by a crash. */
  readonly bytes: number;
  /** Undefined unless the last thing that happened was an orderly end. */
  readonly end: RunEnd | undefined;
  /** Progress samples by process: those of the first, then those of each `resume`. */
  readonly sessions: readonly (readonly Sample[])[];
  /** Whether a row has a final outcome. */
  isSettled(row: number): boolean;
  /**
   * The final outcome of a row; undefined for a row that is still to be done or whose outcome is unknown.
   *
   * @throws {DamagedJournalError}
   */
  outcomeOf(row: number): RowOutcome | undefined;
  /** Number of rows that were attempted and have no outcome, without those in conflict. */
  readonly rowsInDoubt: number;
  /** Number of rows whose evidence is contradictory: looking again finds nothing new. */
  readonly rowsInConflict: number;
  /** Whether a row was attempted and has no outcome. */
  isInDoubt(row: number): boolean;
  /** The login of a row in doubt; undefined for other rows. */
  loginInDoubt(row: number): string | undefined;
  /** When creates of a row in doubt may have been processed; empty for other rows, and for updates. */
  possibleCreates(row: number): readonly PossibleCreate[];
  /** The last outcome of a row in conflict; undefined for other rows. */
  conflictOf(row: number): RowOutcome | undefined;
  /** The update that was attempted for a row in doubt; undefined for a create, and for other rows. */
  interruptedUpdate(row: number): RecordedUpdate | undefined;
  /** The last row that was attempted or has an outcome; 0 for none. */
  readonly lastRow: number;
  /** Number of rows that have a final outcome. */
  readonly rowsSettled: number;
  /** Groups that the run created. */
  readonly groups: readonly { readonly groupId: string; readonly name: string }[];
  close(): void;
}

/**
 * Reads a journal from beginning to end.
 *
 * @throws {DamagedJournalError} the first line does not describe a run, or a complete line is not a journal line.
 */
export async function readJournal(folder: string): Promise<PastRun> {
  const path = join(folder, JOURNAL_FILE);
  const scan = new JournalScan(path);
  for await (const { block, offset } of completeLines(path)) scan.readBlock(block, offset);
  return scan.result();
}

/** What is known after the lines read so far. */
class JournalScan {
  readonly #path: string;
  #description: RunDescription | undefined;
  #end: RunEnd | undefined;
  readonly #sessions: Sample[][] = [[]];
  readonly #groups: { readonly groupId: string; readonly name: string }[] = [];
  /** Where the outcome of each row is, in bytes; -1 for none. */
  #offsets = new Float64Array(1024).fill(-1);
  /** Attempts of rows without an outcome. */
  readonly #attempts = new Map<number, Attempted>();
  #session = new Session();
  #rowsSettled = 0;
  #lastRow = 0;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  readBlock(block: Buffer, blockOffset: number): void {
    // Latin-1 is fast, has one character per byte, and agrees with UTF-8 in all that `scanLine` looks at.
    const text = block.toString('latin1');
    for (let start = 0, end = 0; start < text.length; start = end + 1) {
      end = text.indexOf('\n', start);
      const offset = blockOffset + start;
      const scanned = this.#description && scanLine(text.slice(start, end));
      if (scanned === undefined) this.#readLine(block.toString('utf8', start, end), offset);
      else {
        this.#end = undefined;
        if (scanned.time === undefined) this.#settle(scanned.row, offset);
        else this.#attempt(scanned.row, scanned.time, { offset });
      }
    }
    this.#bytes = blockOffset + block.length;
  }

  #readLine(text: string, offset: number): void {
    const line = parseLine(text);
    if (line === undefined) throw this.#damagedAt(offset);
    if (this.#description === undefined) return this.#describe(line);
    this.#end = line.type === 'finished' ? line : undefined;
    if (line.type === 'attempt') this.#attempt(line.row, line, { offset, update: line.update });
    else if (line.type === 'clock') this.#calibrate(line.shiftMs);
    else if (line.type === 'group') this.#groups.push({ groupId: line.groupId, name: line.name });
    else if (line.type === 'sample') this.#sessions.at(-1)?.push(line);
    else if (line.type === 'resumed') {
      this.#sessions.push([]);
      this.#session = new Session();
    } else if (line.type === 'outcome') this.#outcome(line, offset);
  }

  #outcome(outcome: RowOutcome, offset: number): void {
    const { row } = outcome;
    this.#lastRow = Math.max(this.#lastRow, row);
    if (isInDoubt(outcome)) {
      const attempted = this.#attempts.get(row);
      if (attempted && 'conflict' in outcome) attempted.conflictAt = offset;
      return;
    }
    // Its attempt was journaled and then not sent.
    if (outcome.status === 'not-attempted') this.#attempts.delete(row);
    else this.#settle(row, offset);
  }

  #describe(line: JournalLine): void {
    if (line.type !== 'run') {
      throw new DamagedJournalError(this.#path, 'does not start with the description of a run');
    }
    if (line.journal !== 1) {
      throw new DamagedJournalError(
        this.#path,
        `was written by another version of this program (${line.version})`,
      );
    }
    this.#description = line;
  }

  #attempt(
    row: number,
    time: AttemptTime,
    { offset, update }: { readonly offset: number; readonly update?: RecordedUpdate | undefined },
  ): void {
    this.#lastRow = Math.max(this.#lastRow, row);
    const creates = [...(this.#attempts.get(row)?.creates ?? [])];
    if (update === undefined) this.#session.addTo(creates, time);
    // Of updates the last counts, since it includes those before it.
    this.#attempts.set(row, { offset, creates, update, conflictAt: undefined });
  }

  #calibrate(shiftMs: number): void {
    this.#session.calibrate(shiftMs);
    for (const { creates } of this.#attempts.values()) {
      for (const create of creates) create.calibrate(this.#session, shiftMs);
    }
  }

  #settle(row: number, offset: number): void {
    this.#lastRow = Math.max(this.#lastRow, row);
    this.#attempts.delete(row);
    if (row >= this.#offsets.length) {
      const larger = new Float64Array(Math.max(row + 1, this.#offsets.length * 2)).fill(-1);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    if (this.#offsets[row] === -1) this.#rowsSettled += 1;
    this.#offsets[row] = offset;
  }

  result(): PastRun {
    if (this.#description === undefined) {
      throw new DamagedJournalError(this.#path, 'contains no complete line');
    }
    const offsets = this.#offsets;
    const attempts = this.#attempts;
    const lines = new LineFinder(this.#path);
    const outcomeAt = (offset: number): RowOutcome | undefined => {
      if (offset < 0) return undefined;
      try {
        return parseOutcome(lines.lineAt(offset));
      } catch {
        throw this.#damagedAt(offset);
      }
    };
    const rowsInConflict = [...attempts.values()].filter(({ conflictAt }) => conflictAt !== undefined).length;
    return {
      description: this.#description,
      bytes: this.#bytes,
      end: this.#end,
      sessions: this.#sessions,
      isSettled: (row) => (offsets[row] ?? -1) >= 0,
      outcomeOf: (row) => outcomeAt(offsets[row] ?? -1),
      rowsInDoubt: attempts.size - rowsInConflict,
      rowsInConflict,
      isInDoubt: (row) => attempts.has(row),
      loginInDoubt: (row) => {
        const offset = attempts.get(row)?.offset;
        const line = offset === undefined ? undefined : parseLine(lines.lineAt(offset));
        return line?.type === 'attempt' ? line.login : undefined;
      },
      possibleCreates: (row) => attempts.get(row)?.creates.map((create) => create.toPossible()) ?? [],
      conflictOf: (row) => outcomeAt(attempts.get(row)?.conflictAt ?? -1),
      interruptedUpdate: (row) => attempts.get(row)?.update,
      lastRow: this.#lastRow,
      rowsSettled: this.#rowsSettled,
      groups: this.#groups,
      close: () => lines.close(),
    };
  }

  #damagedAt(offset: number): DamagedJournalError {
    return new DamagedJournalError(
      this.#path,
      `is damaged at byte ${offset}: that line is not a journal line`,
    );
  }
}

/** What is known of a row without an outcome. */
interface Attempted {
  /** Where its last attempt is, in bytes. */
  readonly offset: number;
  readonly creates: readonly RecordedCreate[];
  readonly update: RecordedUpdate | undefined;
  /** Where the outcome is that found contradictory evidence, in bytes. */
  conflictAt: number | undefined;
}

function isInDoubt(outcome: RowOutcome): boolean {
  return outcome.status === 'failed' && outcome.error.errorCode === OUTCOME_UNKNOWN;
}

/** @returns undefined for text that is not a journal line. */
function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isJournalLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isJournalLine(value: unknown): value is JournalLine {
  return typeof value === 'object' && value !== null && 'type' in value;
}
