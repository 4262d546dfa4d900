import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { cli, CLI } from '../helpers/cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

/** A place from which the org is reached with flags only: nothing in the environment names it. */
async function placeWithFlags() {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('the org.env', `OKTA_CLIENT_TOKEN=${okta.token}\n`);
  const flags = ['--org-url', okta.url, '--env-file', 'the org.env', '--reports', 'run folders'];
  return { okta, at, flags };
}

/** Types into a shell what the run said, as if the program were on the path. @returns the exit code. */
async function paste(words: string, at: Workplace): Promise<number | null> {
  const script = words.replace('okta-csv-import', `'${process.execPath}' '${CLI}'`);
  const env = { PATH: process.env['PATH'], HOME: at.folder, TMPDIR: at.temporary };
  const shell = spawn('/bin/sh', ['-c', script], { cwd: at.folder, env, stdio: 'ignore' });
  const [exitCode] = (await once(shell, 'close')) as [number | null];
  return exitCode;
}

function commandIn(stderr: string): string {
  const [command = ''] = /okta-csv-import (?:import|resume) .*$/m.exec(stderr) ?? [];
  return command;
}

it('says how to send mended rows so that it can be pasted: same org, same folder, same treatment', async () => {
  const { okta, at, flags } = await placeWithFlags();
  at.file('people.csv', peopleCsv(2).replace('p2@example.com,p2@example.com', 'p2@example.com,p2'));

  const first = await cli(['import', 'people.csv', '--run-id', 'it', '--no-activate', ...flags], { at });
  expect(first.exitCode).toBe(1);
  const failed = join('run folders', 'it', 'failed.csv');
  at.file(failed, readFileSync(join(at.folder, failed), 'utf8').replace(',p2,', ',p2@example.com,'));

  expect(await paste(commandIn(first.stderr), at)).toBe(0);
  expect(okta.users().map(({ status, profile }) => [profile['login'], status])).toEqual([
    ['p1@example.com', 'STAGED'],
    ['p2@example.com', 'STAGED'],
  ]);
});

it('says after a brake to look first, and how to go on with the brake so that it can be pasted', async () => {
  const { okta, at, flags } = await placeWithFlags();
  at.file('people.csv', peopleCsv(3).replace('p1@example.com,p1@example.com', 'p1@example.com,p1'));

  const stopped = await cli(['import', 'people.csv', '--run-id', 'it', '--canary', '1', ...flags], { at });
  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toContain(`Look at the bad rows first: ${join('run folders', 'it', 'failed.csv')}`);
  expect(stopped.stderr).toContain('correct it and import it anew: resume takes the file only as it was.');
  expect(stopped.stderr).toContain('with the brake kept:\n  okta-csv-import resume');
  const command = commandIn(stopped.stderr);
  expect(command).toContain(' --canary 1');

  // The row that stopped the run has been looked at.
  expect(await paste(command, at)).toBe(1);
  expect(okta.users()).toHaveLength(2);
});

it('promises nothing of a sandbox that is gone', async () => {
  const at = workplace();
  at.file('people.csv', peopleCsv(3).replace('p1@example.com,p1@example.com', 'p1@example.com,p1'));

  const stopped = await cli(['import', 'people.csv', '--sandbox', '--canary', '1'], { at });

  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toContain('The sandbox is gone, with its people: import the file anew.');
  expect(stopped.stderr).not.toContain('resume');
});
