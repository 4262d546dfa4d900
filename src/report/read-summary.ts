import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { READ_NO_LINK } from '../private-file.js';
import { noCounts, type Counts } from '../rows/counts.js';

import type { Summary } from './summary.js';

/** What `summary.json` says about a run; the rest of it is for other programs. */
export type StoredSummary = Pick<
  Summary,
  'command' | 'org' | 'startedAt' | 'finishedAt' | 'counts' | 'exitCode' | 'stoppedBecause'
> & {
  readonly file: Pick<Summary['file'], 'name' | 'sha256' | 'sheet'>;
  /** Name of the data set, only of `sync`. */
  readonly dataset: string | undefined;
};

/** Far more than any summary has. */
const MAX_BYTES = 1024 * 1024;

/** Reads the `summary.json` of a run. @returns undefined when there is none, or something else. */
export async function readSummary(folder: string): Promise<StoredSummary | undefined> {
  const file = await open(join(folder, 'summary.json'), READ_NO_LINK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
    return toSummary(JSON.parse(await file.readFile('utf8')));
  } catch {
    // Not JSON: this program did not write it.
    return undefined;
  } finally {
    await file.close();
  }
}

function toSummary(value: unknown): StoredSummary | undefined {
  if (!isObject(value)) return undefined;
  const { command, org, startedAt, finishedAt, counts, exitCode, stoppedBecause, file, sync } = value;
  if (!isText(command) || !isTime(startedAt) || !isTime(finishedAt) || typeof exitCode !== 'number') {
    return undefined;
  }
  if (!isObject(file) || !isText(file['name']) || !isCounts(counts)) return undefined;
  const { name, sha256, sheet } = file;
  return {
    command,
    org: isText(org) ? org : null,
    startedAt,
    finishedAt,
    // An earlier version had fewer of them.
    counts: { ...noCounts(), ...counts },
    exitCode,
    stoppedBecause: isText(stoppedBecause) ? stoppedBecause : null,
    file: { name, sha256: isText(sha256) ? sha256 : '', ...(isText(sheet) && { sheet }) },
    dataset: isObject(sync) && isText(sync['dataset']) ? sync['dataset'] : undefined,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
const isCounts = (value: unknown): value is Partial<Counts> =>
  isObject(value) && Object.values(value).every((rows) => typeof rows === 'number');
