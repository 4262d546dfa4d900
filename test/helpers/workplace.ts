import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';

import type { JournalLine } from '../../src/journal/journal-line.js';
import type { Summary } from '../../src/report/summary.js';

/** A folder for one test, in which the program runs. */
export interface Workplace {
  readonly folder: string;
  /** For the program's temporary files: locks, and data from stdin. */
  readonly temporary: string;
  /** Writes a file. @returns its name. */
  file(name: string, content: string | Uint8Array): string;
  /** The files of a run in `reports/`. */
  run(runId: string): RunFolder;
  /** Run IDs, sorted. */
  runIds(): readonly string[];
  /** Text of every file below the folder, except the named ones. */
  everyFileExcept(...names: readonly string[]): string;
}

/** Files of a run. */
export interface RunFolder {
  readonly path: string;
  readonly summary: Summary;
  /** The lines of results.csv. */
  readonly results: readonly ResultLine[];
  /** The rows of failed.csv by column. */
  readonly failed: readonly Readonly<Record<string, string>>[];
  readonly failedText: string;
  readonly journal: readonly JournalLine[];
}

export type ResultLine = Readonly<
  Record<
    | 'row'
    | 'line'
    | 'login'
    | 'status'
    | 'oktaId'
    | 'userStatus'
    | 'attempts'
    | 'durationMs'
    | 'errorCode'
    | 'message'
    | 'requestId',
    string
  >
>;

/** Creates a folder that is deleted after the test. */
export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'okta-csv-import-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const reports = join(folder, 'reports');
  return {
    folder,
    temporary,
    file(name, content) {
      writeFileSync(join(folder, name), content);
      return name;
    },
    run: (runId) => runFolder(join(reports, runId)),
    runIds: () => readdirSync(reports).sort(),
    everyFileExcept: (...names) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => !names.includes(name) && statSync(join(folder, name)).isFile())
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n'),
  };
}

function runFolder(path: string): RunFolder {
  const read = (name: string): string => readFileSync(join(path, name), 'utf8');
  const summary = (): Summary => JSON.parse(read('summary.json')) as Summary;
  return {
    path,
    get summary() {
      return summary();
    },
    get results() {
      return parse<ResultLine>(read('results.csv'), { bom: true, columns: true });
    },
    get failed() {
      const { delimiter } = summary().file;
      return parse<Record<string, string>>(read('failed.csv'), { bom: true, columns: true, delimiter });
    },
    get failedText() {
      return read('failed.csv');
    },
    get journal() {
      return read('journal.ndjson')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as JournalLine);
    },
  };
}

/** Path of a file in `fixtures/`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}
