import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Journal } from '../../src/journal/journal.js';
import type { RunDescription, RunEnd } from '../../src/journal/journal-line.js';
import { noCounts, type Counts } from '../../src/rows/counts.js';
import { createdOutcome, createOf, description, tempFolder } from '../engine/build.js';

export interface WrittenRun extends Partial<Pick<RunDescription, 'command' | 'startedAt' | 'org'>> {
  readonly file?: string;
  readonly sha256?: string;
  /** Rows that were created. */
  readonly created?: number;
  /** Rows that were attempted and have no outcome. */
  readonly inDoubt?: number;
  readonly removed?: number;
  /** Undefined for a run whose process died. */
  readonly end?: Partial<RunEnd> | undefined;
}

/** A reports folder into which a test writes what runs would leave. */
export async function reportsFolder(): Promise<{
  readonly path: string;
  run(runId: string, run?: WrittenRun): Promise<string>;
  dryRun(
    runId: string,
    run?: {
      startedAt?: string;
      file?: string;
      sha256?: string;
      dataset?: string;
      counts?: Partial<Counts>;
      isUnfinished?: boolean;
    },
  ): string;
}> {
  const path = await tempFolder();
  return {
    path,
    async run(runId, run = {}) {
      const folder = join(path, runId);
      mkdirSync(folder);
      const { created = 0, inDoubt = 0, removed = 0, file = 'people.csv', sha256 = 'ab', end } = run;
      const { command = 'import', startedAt = description.startedAt, org = description.org } = run;
      const journal = await Journal.create(folder, {
        ...description,
        runId,
        command,
        startedAt,
        org,
        file: { ...description.file, name: file, sha256 },
      });
      for (let row = 1; row <= created + inDoubt; row += 1) {
        await journal.recordAttempt(createOf(row), { orgMs: 0 });
        if (row <= created) await journal.recordOutcome(createdOutcome(row));
      }
      for (let row = 1; row <= removed; row += 1) {
        const { oktaId, ...outcome } = { ...createdOutcome(row), oktaId: `00u${row}` };
        const { line, login, attempts, durationMs } = outcome;
        await journal.recordOutcome({ row, line, login, attempts, durationMs, status: 'removed', oktaId });
      }
      if (end !== undefined || !('end' in run)) {
        await journal.recordEnd({ at: startedAt, exitCode: 0, stoppedBecause: null, ...end });
      }
      await journal.close();
      return folder;
    },
    dryRun(
      runId,
      {
        startedAt = description.startedAt,
        file = 'people.csv',
        sha256 = 'ab',
        dataset,
        counts,
        isUnfinished,
      } = {},
    ) {
      const folder = join(path, runId);
      mkdirSync(folder);
      writeFileSync(join(folder, 'results.csv'), '');
      const summary = {
        runId,
        command: 'validate',
        file: { name: file, sha256, encoding: 'utf-8', delimiter: ',' },
        org: null,
        startedAt,
        finishedAt: startedAt,
        counts: { ...noCounts(), ...counts },
        ...(dataset !== undefined && { sync: { dataset } }),
        exitCode: 0,
        stoppedBecause: null,
      };
      if (isUnfinished !== true) writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
      return folder;
    },
  };
}
