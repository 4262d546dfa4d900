import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const HEADER = 'login,email,firstName,lastName,employeeNumber\n';

/** The settings of an org whose token is in a file with this mode. */
async function orgWithTokenFile(at: Workplace, mode: number): Promise<Record<string, string>> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  chmodSync(join(at.folder, at.file('token.txt', okta.token)), mode);
  return { OKTA_CLIENT_ORGURL: okta.url, OKTA_CLIENT_TOKENFILE: 'token.txt' };
}

it('prints nothing about a run without problems and warnings', async () => {
  const at = workplace();
  const env = await orgWithTokenFile(at, 0o600);

  const imported = await cli(['import', at.file('people.csv', peopleCsv(2)), '--quiet'], { at, env });

  expect(imported).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it.each([
  ['0644', 'everyone on this machine can access it'],
  ['0640', 'its group can access it'],
])('keeps the warning about a token file with mode %s', async (mode, who) => {
  const at = workplace();
  const env = await orgWithTokenFile(at, Number.parseInt(mode, 8));
  const path = join(at.folder, 'token.txt');

  const imported = await cli(['import', at.file('people.csv', peopleCsv(2)), '--quiet'], { at, env });

  expect(imported).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: `${path} contains a secret, but ${who}. Run: chmod 600 ${path}\n`,
  });
});

it.each([
  [
    'an address without a complete domain',
    `${HEADER}ann@intranet,ann@intranet,Ann,Lee,7\n`,
    'has a domain without a dot',
  ],
  [
    'numbers that lost their zeros',
    `${HEADER}a@example.com,a@example.com,Ann,Lee,00071\nb@example.com,b@example.com,Bo,Ray,00072\nc@example.com,c@example.com,Cy,Sun,73\nd@example.com,d@example.com,Di,Wu,00074\n`,
    'zero',
  ],
])('keeps warnings about data: %s', async (_, csv, words) => {
  const at = workplace();
  const env = await orgWithTokenFile(at, 0o600);
  const file = at.file('people.csv', csv);

  for (const command of ['validate', 'import']) {
    const { exitCode, stdout, stderr } = await cli([command, file, '--quiet'], { at, env });

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/^Warnings about people\.csv \(these do not block rows\):\n {2}1 row: /);
    expect(stderr).toContain(words);
  }
});

it('keeps warnings about data in JSON logs', async () => {
  const at = workplace();
  const file = at.file('people.csv', `${HEADER}ann@intranet,ann@intranet,Ann,Lee,7\n`);

  const { stderr } = await cli(['validate', file, '--quiet', '--log-format=json'], { at });

  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; msg: string });
  expect(events).toMatchObject([{ event: 'warning', msg: expect.stringContaining('domain without a dot') }]);
});
