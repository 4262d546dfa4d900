import { chmodSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  createRunFolder,
  defaultRunId,
  removeEmptyFolder,
  RunFolderError,
} from '../../src/journal/run-folder.js';
import { JOURNAL_FILE } from '../../src/journal/journal-line.js';
import { tempFolder } from '../engine/build.js';

describe('the folder of a new run', () => {
  it('is named after the time and the file, and accessible to its owner only', async () => {
    const reports = join(await tempFolder(), 'deep', 'reports');
    const id = defaultRunId(Date.UTC(2026, 10, 24, 2), 'Neue Leute (März).csv');
    expect(id).toBe('2026-11-24T02-00-00Z-Neue-Leute-M-rz-');
    const { runId, folder } = await createRunFolder(reports, undefined, id);
    expect(runId).toBe(id);
    expect(folder).toBe(join(reports, id));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('gets a number when that name exists, even with many at once', async () => {
    const reports = await tempFolder();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => createRunFolder(reports, undefined, 'night')),
    );
    expect(new Set(made.map(({ runId }) => runId)).size).toBe(8);
  });

  it('is refused when the requested name exists', async () => {
    const reports = await tempFolder();
    const { folder } = await createRunFolder(reports, 'night', 'x');
    writeFileSync(join(folder, JOURNAL_FILE), '{}\n');
    const again = createRunFolder(reports, 'night', 'x');
    await expect(again).rejects.toThrow(RunFolderError);
    await expect(again).rejects.toMatchObject({
      hint: expect.stringContaining(`resume ${folder}`),
    });
  });

  it.each(['', '{"type":"run",'])(
    'with nothing in its journal but %j is to be deleted, not resumed',
    async (journal) => {
      const reports = await tempFolder();
      const { folder } = await createRunFolder(reports, 'night', 'x');
      writeFileSync(join(folder, JOURNAL_FILE), journal);
      await expect(createRunFolder(reports, 'night', 'x')).rejects.toMatchObject({
        hint: `Choose another --run-id, or delete ${folder}: no run was recorded there.`,
      });
    },
  );

  it('that is taken by a dry run is said to be its report, which may be deleted', async () => {
    const reports = await tempFolder();
    const { folder } = await createRunFolder(reports, 'night', 'x');
    writeFileSync(join(folder, 'results.csv'), '');
    await expect(createRunFolder(reports, 'night', 'x')).rejects.toMatchObject({
      hint: `Choose another --run-id, or delete ${folder}, the report of a dry run.`,
    });
  });

  it.each([
    '../up',
    '..',
    '.',
    '.hidden',
    'dot.',
    'a/b',
    '/tmp/run',
    'C:\\runs',
    'a\\b',
    'a\0b',
    'a\nb',
    '',
    ' ',
    'a b',
    'é',
    'x'.repeat(201),
    'con',
    'NUL',
    'nul.txt',
    'Com1',
    'lpt9.night',
  ])('cannot be named %j, and nothing is created', async (id) => {
    const parent = await tempFolder();
    await expect(createRunFolder(join(parent, 'reports'), id, 'x')).rejects.toThrow(RunFolderError);
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each(['a', 'night.1', 'console', 'x'.repeat(200), '2026-11-24T02-00-00Z-people'])(
    'may be named %j',
    async (id) => {
      const reports = await tempFolder();
      expect((await createRunFolder(reports, id, 'x')).folder).toBe(join(reports, id));
    },
  );

  it('is not created through a link', async () => {
    const [reports, elsewhere] = [await tempFolder(), await tempFolder()];
    symlinkSync(elsewhere, join(reports, 'night'));
    await expect(createRunFolder(reports, 'night', 'x')).rejects.toThrow(RunFolderError);
    symlinkSync(join(elsewhere, 'not-yet'), join(reports, 'dangling'));
    await expect(createRunFolder(reports, 'dangling', 'x')).rejects.toThrow(RunFolderError);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('throws when it cannot be created', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'reports'), '');
    await expect(createRunFolder(join(folder, 'reports'), 'a', 'x')).rejects.toThrow(
      /Cannot use the reports folder/,
    );
    if (process.getuid?.() === 0) return;
    chmodSync(folder, 0o500);
    await expect(createRunFolder(folder, 'a', 'x')).rejects.toThrow(/Cannot use the reports folder/);
    chmodSync(folder, 0o700);
  });

  it('is removed again when it is empty, and kept otherwise', async () => {
    const reports = await tempFolder();
    const { folder } = await createRunFolder(reports, 'a', 'x');
    await removeEmptyFolder(folder);
    expect(existsSync(folder)).toBe(false);
    const other = await createRunFolder(reports, 'b', 'x');
    writeFileSync(join(other.folder, 'note'), '');
    await removeEmptyFolder(other.folder);
    expect(existsSync(other.folder)).toBe(true);
  });
});
