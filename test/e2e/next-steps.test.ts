import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { CLI } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

/** A folder from which the org is reached with flags only: the environment does not name it. */
async function placeWithFlags() {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('the org.env', `OKTA_CLIENT_TOKEN=${okta.token}\n`);
  const flags = ['--org-url', okta.url, '--env-file', 'the org.env', '--reports', 'run folders'];
  return { okta, at, flags };
}

/** Runs a printed command in a shell, as if the program were on the path. @returns the exit code. */
async function paste(command: string, at: Workplace): Promise<number | null> {
  const script = command.replace('okta-csv-import', `'${process.execPath}' '${CLI}'`);
  const env = { PATH: process.env['PATH'], HOME: at.folder, TMPDIR: at.temporary };
  const shell = spawn('/bin/sh', ['-c', script], { cwd: at.folder, env, stdio: 'ignore' });
  const [exitCode] = (await once(shell, 'close')) as [number | null];
  return exitCode;
}

function commandIn(stderr: string): string {
  const [command = ''] = /okta-csv-import (?:import|resume) .*$/m.exec(stderr) ?? [];
  return command;
}

it('prints a command to retry fixed rows: same org, same folder, same flags', async () => {
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

it('prints after a stop condition what to check and a command to resume with the same condition', async () => {
  const { okta, at, flags } = await placeWithFlags();
  at.file('people.csv', peopleCsv(3).replace('p1@example.com,p1@example.com', 'p1@example.com,p1'));

  const stopped = await cli(['import', 'people.csv', '--run-id', 'it', '--canary', '1', ...flags], { at });
  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toContain(
    `Check the failed rows in ${join(at.folder, 'run folders', 'it', 'failed.csv')}.`,
  );
  expect(stopped.stderr).toContain('fix it and import it again; resume accepts only the unchanged file.');
  expect(stopped.stderr).toContain('with the same stop condition:\n  okta-csv-import resume');
  const command = commandIn(stopped.stderr);
  expect(command).toContain(' --canary 1');

  // The failed row that stopped the run no longer counts.
  expect(await paste(command, at)).toBe(1);
  expect(okta.users()).toHaveLength(2);
});

it('does not suggest to resume when the sandbox is gone', async () => {
  const at = workplace();
  at.file('people.csv', peopleCsv(3).replace('p1@example.com,p1@example.com', 'p1@example.com,p1'));

  const stopped = await cli(['import', 'people.csv', '--sandbox', '--canary', '1'], { at });

  expect(stopped.exitCode).toBe(3);
  expect(stopped.stderr).toContain('The sandbox and its users are gone. Import the file again.');
  expect(stopped.stderr).not.toContain('resume');
});
