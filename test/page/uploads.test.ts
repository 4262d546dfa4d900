import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { workplace } from '../helpers/workplace.js';
import { pageScene } from './page-client.js';

it('the next file that is dropped removes the files of programs that were killed more than a day ago, and no others', async () => {
  const at = workplace();
  vi.stubEnv('TMPDIR', at.folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { pid: endedPid } = spawnSync(process.execPath, ['--version']);
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  const folder = (name: string, seconds = twoDaysAgo): string => {
    const path = join(at.folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'people.csv'), 'login\n');
    utimesSync(path, seconds, seconds);
    return path;
  };
  const abandoned = folder(`okta-csv-import-page-${endedPid}-aaaaaa`);
  const ofRunning = folder(`okta-csv-import-page-${process.ppid}-bbbbbb`);
  const recent = folder(`okta-csv-import-page-${endedPid}-cccccc`, Date.now() / 1000);
  const other = folder('okta-csv-import-pages');
  const target = folder('elsewhere');
  symlinkSync(target, join(at.folder, `okta-csv-import-page-${endedPid}-dddddd`));

  const { client } = await pageScene();
  await client.sendBytes('PUT', '/api/file?name=people.csv', 'login,firstName\nyuki@example.com,Yuki\n');

  expect([abandoned, ofRunning, recent, other, target].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  expect(existsSync(join(target, 'people.csv'))).toBe(true);
  expect(readdirSync(at.folder).filter((name) => name.includes(`-${process.pid}-`))).toHaveLength(1);
});

it('a file that cannot be stored is named as soon as it has arrived, and can be chosen again', async () => {
  const at = workplace();
  // Not a folder: nothing can be created in it.
  vi.stubEnv('TMPDIR', `${at.folder}/${at.file('full', '')}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { client, errors } = await pageScene({ at });
  const drop = () =>
    client.sendBytes('PUT', '/api/file?name=people.csv', `login\n${'yuki@example.com\n'.repeat(300_000)}`);

  const { status, text } = await drop();

  expect({ status, text }).toMatchObject({
    status: 400,
    text: expect.stringMatching(/"The file could not be received: .*Choose the file again\./),
  });
  expect(errors).toEqual([]);

  vi.stubEnv('TMPDIR', at.folder);
  await drop();
  expect((await client.state()).file).toMatchObject({ name: 'people.csv', rows: 300_000 });
});
