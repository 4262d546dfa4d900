import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { READ_NO_LINK } from '../private-file.js';
import type { RowOutcome } from '../rows/outcome.js';

import { DamagedJournalError } from './damaged-journal.js';
import { completeLines, LineFinder, NEWLINE } from './journal-file.js';
import {
  JOURNAL_FILE,
  type RecordedMember,
  type RecordedUpdate,
  type RunDescription,
  type RunEnd,
} from './journal-line.js';
import { JournalScan } from './journal-scan.js';
import { parseLine } from './line-checks.js';
import { checkSeal, unsealLine } from './line-seal.js';
import { LineVerifier } from './line-verifier.js';
import type { PossibleCreate } from './possible-create.js';
import type { Sample } from './progress-samples.js';

/** What a journal says about its run. Memory: eight bytes per row, whatever the lines hold, and the samples. */
export interface PastRun {
  readonly description: RunDescription;
  /** Length of the complete lines; what follows is a line torn by a crash. */
  readonly bytes: number;
  /** Number of complete lines. */
  readonly lines: number;
  /**
   * Which lines cannot be believed, as the end of a sentence; undefined when all can. Everything else is what the others prove:
   * a row without an outcome may have had one.
   */
  readonly damage: string | undefined;
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
  /** Of a sync, by row: what its data set is to know of the people whom it created or changed. */
  readonly members: ReadonlyMap<number, RecordedMember>;
  /** Groups that the run created. */
  readonly groups: readonly { readonly groupId: string; readonly name: string }[];
  close(): void;
}

/**
 * Reads a journal from beginning to end.
 *
 * @throws {DamagedJournalError} nothing can be read without the first line, which describes the run. Any other damage is in
 * `damage` of the result.
 */
export async function readJournal(folder: string): Promise<PastRun> {
  const path = join(folder, JOURNAL_FILE);
  const verifier = new LineVerifier();
  const scan = new JournalScan(path);
  let bytes = 0;
  const blocks = completeLines(path, (tail) => verifier.checkTail(tail));
  for await (const { block, offset } of blocks) {
    readBlock(block, offset, verifier, scan);
    bytes = offset + block.length;
  }
  const { lines, problem: damage } = verifier;
  const finder = new LineFinder(path);
  try {
    const inOrder = verifier.isOutOfOrder ? await scanInOrder(path, finder) : scan;
    return inOrder.result(finder, { bytes, lines, damage });
  } catch (error) {
    finder.close();
    throw error;
  }
}

/** Reads only the first line. @returns undefined when it does not describe a run. */
export async function readDescription(folder: string): Promise<RunDescription | undefined> {
  for await (const { block } of completeLines(join(folder, JOURNAL_FILE))) {
    const text = unsealLine(block.toString('utf8', 0, block.indexOf(NEWLINE)));
    const line = text === undefined ? undefined : parseLine(text);
    return line?.type === 'run' ? line : undefined;
  }
  return undefined;
}

/** More than any last line has. */
const MAX_END_BYTES = 64 * 1024;

/** How a run ended, if its last line says so. Reads nothing else, and so notices no damage before that line. */
export async function readEnd(folder: string): Promise<RunEnd | undefined> {
  const file = await open(join(folder, JOURNAL_FILE), READ_NO_LINK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const bytes = Math.min(size, MAX_END_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
    const tail = buffer.subarray(0, bytesRead);
    if (tail.at(-1) !== NEWLINE) return undefined;
    const text = unsealLine(tail.toString('utf8', tail.lastIndexOf(NEWLINE, -2) + 1, bytesRead - 1));
    const line = text === undefined ? undefined : parseLine(text);
    return line?.type === 'finished' ? line : undefined;
  } finally {
    await file.close();
  }
}

/** @throws {DamagedJournalError} there is no telling what the missing lines said. */
export function assertUndamaged({ damage, description }: PastRun, folder: string): void {
  if (damage === undefined) return;
  throw new DamagedJournalError(
    join(folder, JOURNAL_FILE),
    `is damaged: ${damage}`,
    `Restore the run folder from a backup. Without one, use report, verify or undo on ${folder}, which work with what the rest of the journal proves, or import ${description.file.name} as a new run with --if-exists skip, which leaves existing users alone.`,
  );
}

function readBlock(block: Buffer, blockOffset: number, verifier: LineVerifier, scan: JournalScan): void {
  // Latin-1 is fast, and has one character per byte.
  const latin1 = block.toString('latin1');
  for (let start = 0, end = 0; start < block.length; start = end + 1) {
    end = block.indexOf(NEWLINE, start);
    const from = start;
    const to = verifier.check(block, start, end);
    if (to === undefined) continue;
    const isAccepted = scan.add({
      scannable: verifier.isSealed ? latin1.slice(start, to) : undefined,
      text: () => (to < end ? `${block.toString('utf8', from, to)}}` : block.toString('utf8', from, end)),
      offset: blockOffset + start,
    });
    if (!isAccepted) verifier.rejectLast();
  }
}

/** Reads the intact lines of a journal in the order in which they were written, each once. */
async function scanInOrder(path: string, finder: LineFinder): Promise<JournalScan> {
  const found: { readonly seq: number; readonly offset: number }[] = [];
  for await (const { block, offset } of completeLines(path)) {
    for (let start = 0, end = 0; start < block.length; start = end + 1) {
      end = block.indexOf(NEWLINE, start);
      const seal = checkSeal(block, start, end);
      // Only the first lines, which version 0.1.0 wrote, have no seal.
      const isOld = seal.kind === 'none' && (found.at(-1)?.seq ?? 0) === 0;
      if (seal.kind === 'intact' || isOld) {
        found.push({ seq: seal.kind === 'intact' ? seal.seq : 0, offset: offset + start });
      }
    }
  }
  const scan = new JournalScan(path);
  let last = '';
  for (const { seq, offset } of found.toSorted((one, other) => one.seq - other.seq)) {
    const line = finder.lineAt(offset);
    const text = unsealLine(line);
    if (text === undefined || line === last) continue;
    last = line;
    scan.add({ scannable: seq === 0 ? undefined : text.slice(0, -1), text: () => text, offset });
  }
  return scan;
}
