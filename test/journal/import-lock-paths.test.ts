import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { importLockPaths, LockFolderError } from '../../src/journal/import-lock-paths.js';
import { tempFolder } from '../engine/build.js';

const ORG = 'https://a.okta.com';
const UID = process.getuid?.() ?? 0;

describe('the locks of a file for an org', () => {
  it('are the same for the same file and org, and different for any other', async () => {
    const [one, again, otherOrg, otherFile] = await Promise.all([
      importLockPaths('https://a.okta.com', 'aa', 'reports'),
      importLockPaths('https://a.okta.com', 'aa', 'reports'),
      importLockPaths('https://b.okta.com', 'aa', 'reports'),
      importLockPaths('https://a.okta.com', 'ab', 'reports'),
    ]);
    expect(one).toEqual(again);
    expect(new Set([...one, ...otherOrg, ...otherFile]).size).toBe(6);
  });

  it('are in the reports folder and in the temporary folder, so that two processes share at least one', async () => {
    const [inReports, inTemporary] = await importLockPaths('https://a.okta.com', 'aa', 'reports');
    const [, elsewhere] = await importLockPaths('https://a.okta.com', 'aa', 'others');
    expect(inReports).toMatch(/^reports/);
    expect(elsewhere).toBe(inTemporary);
  });
});

describe('the folder of locks in the temporary folder', () => {
  it('is created for its owner only', async () => {
    const path = await tempFolder();
    await importLockPaths(ORG, 'aa', 'reports', { path, uid: UID });
    await importLockPaths(ORG, 'ab', 'reports', { path, uid: UID });
    expect(readdirSync(path)).toEqual([`okta-csv-import-${UID}`]);
    expect(statSync(join(path, `okta-csv-import-${UID}`)).mode & 0o777).toBe(0o700);
  });

  it.each([
    [
      'belongs to another user',
      (path: string) => mkdirSync(path, { mode: 0o700 }),
      UID + 1,
      'belongs to another user',
    ],
    [
      'can be changed by other users',
      (path: string) => {
        mkdirSync(path);
        chmodSync(path, 0o777);
      },
      UID,
      'can be changed or read by other users',
    ],
    [
      'is a link to a folder',
      (path: string) => {
        mkdirSync(`${path}.elsewhere`, { mode: 0o700 });
        symlinkSync(`${path}.elsewhere`, path);
      },
      UID,
      'is a link or a file',
    ],
    ['is a file', (path: string) => writeFileSync(path, ''), UID, 'is a link or a file'],
  ])('is refused if it %s', async (_, plant, uid, problem) => {
    const path = await tempFolder();
    const folder = join(path, `okta-csv-import-${uid}`);
    plant(folder);
    const refused = importLockPaths(ORG, 'aa', 'reports', { path, uid });
    await expect(refused).rejects.toThrow(LockFolderError);
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining(`${folder} ${problem}`),
      hint: expect.stringContaining('TMPDIR'),
    });
  });
});
