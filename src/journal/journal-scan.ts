import { OUTCOME_UNKNOWN, type RowOutcome } from '../rows/outcome.js';
import { RowsInProgress } from '../rows/rows-in-progress.js';

import { DamagedJournalError } from './damaged-journal.js';
import type { LineFinder } from './journal-file.js';
import {
  parseOutcome,
  scanLine,
  type AttemptTime,
  type JournalLine,
  type RecordedMember,
  type RecordedUpdate,
  type RunDescription,
  type RunEnd,
} from './journal-line.js';
import { parseLine } from './line-checks.js';
import { Session, type RecordedCreate } from './possible-create.js';
import type { Sample } from './progress-samples.js';
import type { PastRun } from './reader.js';
import { RowOffsets } from './row-offsets.js';

/** A complete line without its seal. */
export interface ContentLine {
  /** For `scanLine`; undefined for a line without a checksum. */
  readonly scannable: string | undefined;
  readonly text: () => string;
  /** Where it is in the file, in bytes. */
  readonly offset: number;
}

/** What is known after the lines read so far. */
export class JournalScan {
  readonly #path: string;
  #description: RunDescription | undefined;
  /** Whether other lines came before the description. */
  #startsLate = false;
  #end: RunEnd | undefined;
  readonly #sessions: Sample[][] = [[]];
  readonly #groups: { readonly groupId: string; readonly name: string }[] = [];
  /** By row. */
  readonly #members = new Map<number, RecordedMember>();
  readonly #outcomes = new RowOffsets();
  /** Attempts of rows without an outcome. */
  readonly #attempts = new RowsInProgress<Attempted>();
  #session = new Session();
  #lastRow = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns false for a line that is not a journal line. */
  add({ scannable, text, offset }: ContentLine): boolean {
    const scanned =
      this.#description === undefined || scannable === undefined ? undefined : scanLine(scannable);
    if (scanned === undefined) {
      const line = parseLine(text());
      if (line === undefined || (scannable === undefined && !this.#isOfFile(line))) return false;
      this.#addLine(line, { offset, isSealed: scannable !== undefined });
      return true;
    }
    this.#end = undefined;
    if (scanned.time === undefined) this.#settle(scanned.row, offset);
    else this.#attempt(scanned.row, scanned.time, { offset });
    return true;
  }

  /** Version 0.1.0 has no checksum that would show a changed row number. */
  #isOfFile(line: JournalLine): boolean {
    const rows = this.#description?.file.records ?? 0;
    return !('row' in line) || rows === 0 || line.row <= rows;
  }

  #addLine(
    line: JournalLine,
    { offset, isSealed }: { readonly offset: number; readonly isSealed: boolean },
  ): void {
    if (this.#description === undefined) {
      if (line.type === 'run') this.#describe(line, isSealed);
      else this.#startsLate = true;
      return;
    }
    this.#end = line.type === 'finished' ? line : undefined;
    if (line.type === 'attempt') this.#attempt(line.row, line, { offset, update: line.update });
    else if (line.type === 'clock') this.#calibrate(line.shiftMs);
    else if (line.type === 'group') this.#groups.push({ groupId: line.groupId, name: line.name });
    else if (line.type === 'member') this.#members.set(line.row, line);
    else if (line.type === 'sample') this.#sessions.at(-1)?.push(line);
    else if (line.type === 'resumed') {
      this.#sessions.push([]);
      this.#session = new Session();
    } else if (line.type === 'outcome') this.#outcome(line, offset);
  }

  #describe(line: JournalLine & { readonly type: 'run' }, isSealed: boolean): void {
    if (line.journal === (isSealed ? 2 : 1)) this.#description = line;
    else if (line.journal === 2) throw new DamagedJournalError(this.#path, 'cannot be read in line 1');
    else {
      throw new DamagedJournalError(
        this.#path,
        `was written by another version of this program (${line.version})`,
        'Use that version, or a newer one.',
      );
    }
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
    if (outcome.status === 'not-attempted') this.#attempts.take(row);
    else this.#settle(row, offset);
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
    this.#attempts.take(row);
    this.#outcomes.set(row, offset);
  }

  /**
   * @param lines - of the same file; closed by the result.
   * @throws {DamagedJournalError} the first line does not describe a run.
   */
  result(
    lines: LineFinder,
    { bytes, lines: lineCount, damage }: Pick<PastRun, 'bytes' | 'lines' | 'damage'>,
  ): PastRun {
    const description = this.#description;
    if (description === undefined || this.#startsLate) throw this.#noStart(bytes, damage);
    const outcomes = this.#outcomes;
    const attempts = this.#attempts;
    const outcomeAt = (offset: number | undefined): RowOutcome | undefined => {
      if (offset === undefined) return undefined;
      try {
        return parseOutcome(lines.contentAt(offset) ?? '');
      } catch {
        throw new DamagedJournalError(this.#path, `was changed while it was read (at byte ${offset})`);
      }
    };
    const rowsInConflict = [...attempts.values()].filter(({ conflictAt }) => conflictAt !== undefined).length;
    return {
      description,
      bytes,
      lines: lineCount,
      damage,
      end: this.#end,
      sessions: this.#sessions,
      isSettled: (row) => outcomes.has(row),
      outcomeOf: (row) => outcomeAt(outcomes.get(row)),
      rowsInDoubt: attempts.size - rowsInConflict,
      rowsInConflict,
      isInDoubt: (row) => attempts.get(row) !== undefined,
      loginInDoubt: (row) => {
        const offset = attempts.get(row)?.offset;
        const text = offset === undefined ? undefined : lines.contentAt(offset);
        const line = text === undefined ? undefined : parseLine(text);
        return line?.type === 'attempt' ? line.login : undefined;
      },
      possibleCreates: (row) => attempts.get(row)?.creates.map((create) => create.toPossible()) ?? [],
      conflictOf: (row) => outcomeAt(attempts.get(row)?.conflictAt),
      interruptedUpdate: (row) => attempts.get(row)?.update,
      lastRow: this.#lastRow,
      rowsSettled: outcomes.size,
      members: this.#members,
      groups: this.#groups,
      close: () => lines.close(),
    };
  }

  #noStart(bytes: number, damage: string | undefined): DamagedJournalError {
    if (bytes === 0) {
      return new DamagedJournalError(
        this.#path,
        'contains no complete line, as if the run had stopped before it sent anything',
        'Delete the run folder, and import the file again with --if-exists skip, which leaves existing users alone.',
      );
    }
    const problem = damage === undefined ? '' : `: ${damage}`;
    return new DamagedJournalError(this.#path, `does not start with the description of a run${problem}`);
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
