import { execFileSync } from 'node:child_process';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

async function scene(people = 7) {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(people));
  const env = orgSettings(okta);
  return { okta, at, file, env };
}

describe('before an import at a terminal', () => {
  const QUESTION = 'Continue? Type yes:';

  it.each([
    ['no', 'no\n'],
    ['half a yes', 'y\n'],
    ['an empty line', '\n'],
    ['the end of the input', ''],
  ])('sends nothing after %s, and leaves no run behind', async (_, typed) => {
    const { okta, file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file], { ...place, typed });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Nothing was changed, because the answer was not yes.');
    expect(okta.ledger.created).toEqual([]);
    expect(place.at.everyFileExcept('people.csv')).not.toContain('journal');
  });

  it('says how many people get an email, and in which domains', async () => {
    const { at, env } = await scene();
    const file = at.file(
      'mixed.csv',
      [
        'login,email,firstName,lastName,password',
        'a@example.com,a@example.com,A,Lee,',
        'b@example.com,b@Example.com,B,Lee,',
        'c@example.com,c@example.org,C,Lee,',
        'd@example.com,d@example.org,D,Lee,Tr0ub4dor-3',
        '',
      ].join('\n'),
    );

    const { stderr } = await cli(['import', file], { at, env, typed: 'no\n' });
    const staged = await cli(['import', file, '--no-activate'], { at, env, typed: 'no\n' });

    expect(stderr).toContain('Up to 3 emails (2 to example.com, 1 to example.org), from now on.');
    expect(staged.stderr).not.toContain('emails');
  });

  it('asks again after a dry run, and after an earlier import of the same file', async () => {
    const { okta, file, ...place } = await scene();
    await cli(['validate', file, '--org'], place);
    await cli(['import', file, '--only=1'], place);
    const { exitCode, stderr } = await cli(['import', file, '--only=2-7'], { ...place, typed: 'yes\n' });

    expect(exitCode).toBe(0);
    expect(stderr).toContain(QUESTION);
    expect(okta.ledger.created).toHaveLength(7);
  });

  it('suggests the dry run with the flags of the import', async () => {
    const { file, ...place } = await scene();
    const args = ['import', file, '--no-activate', '--if-exists=update'];
    const { stderr } = await cli(args, { ...place, typed: 'no\n' });

    expect(stderr).toMatch(
      /okta-csv-import validate \S*people\.csv --no-activate --if-exists update --org$/m,
    );
  });

  it('suggests a dry run that takes every flag of the import that it can take, and runs as it is', async () => {
    const { file, at, env } = await scene();
    at.file('map.yaml', 'profile: {login: login, email: email, firstName: firstName, lastName: lastName}\n');
    at.file('org.env', `OKTA_CLIENT_ORGURL=${env['OKTA_CLIENT_ORGURL']}\n`);
    const flags = [
      ['--mapping', 'map.yaml', '--no-activate', '--group', "O'Hara's team"],
      ['--user-type', 'user', '--if-exists', 'update', '--clear-empty', '--create-groups'],
      ['--delimiter', ',', '--encoding', 'utf-8', '--header-row', '1', '--only', '2-4'],
      ['--env-file', 'org.env', '--concurrency', '2', '--rate-limit-share', '0.5'],
      ['--request-timeout', '9', '--give-up-after', '8', '--reports', 'my/runs'],
    ].flat();
    const ofImportOnly = ['--canary=1', '--max-failures=5%', '--run-id=first', '--no-progress'];
    const typed = 'no\n';
    const { stderr } = await cli(['import', file, ...flags, ...ofImportOnly], { at, env, typed });

    const command = /^To see the plan first, run: okta-csv-import (.*)$/m.exec(stderr)?.[1] ?? '';
    const words = wordsOf(command);
    // Paths are absolute where stderr is no terminal.
    const asTyped = words.map((word) => word.replace(`${at.folder}/`, ''));
    expect(asTyped).toEqual(['validate', file, ...flags, '--org']);
    expect(await cli(words, { at, env })).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('3 would be created'),
    });
  });

  it.each([['--yes'], ['--log-format=json'], ['--sandbox']])('does not ask with %s', async (flag) => {
    const { file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file, flag], { ...place, typed: 'no\n' });

    expect(exitCode).toBe(0);
    expect(stderr).not.toContain(QUESTION);
  });

  it('does not ask without a terminal', async () => {
    const { okta, file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file], place);

    expect(exitCode).toBe(0);
    expect(stderr).not.toContain(QUESTION);
    expect(okta.ledger.created).toHaveLength(7);
  });
});

it('undoes a run only after the whole word yes', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['import', file, '--run-id=it', '--quiet'], place);
  const undo = (typed: string) => cli(['undo', 'it'], { ...place, typed });

  for (const typed of ['y\n', 'no\n', '\n']) {
    const { exitCode, stderr } = await undo(typed);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Undo the run? Type yes:');
    expect(stderr).toContain('Nothing was changed, because the answer was not yes.');
  }
  expect(okta.users()).toHaveLength(7);
  expect(await undo(' YES \n')).toMatchObject({ exitCode: 0 });
  expect(okta.users()).toEqual([]);
});

/** After an import of staged users. */
async function staged(people: number) {
  const { file, ...place } = await scene(people);
  await cli(['import', file, '--no-activate', '--run-id=it'], place);
  return place;
}

describe('before an activation at a terminal', () => {
  it.each([
    ['no', 'no\n'],
    ['the end of the input', ''],
  ])('says how many people get an email, and activates nobody after %s', async (_, typed) => {
    const { okta, at, env } = await staged(25);
    const { exitCode, stderr } = await cli(['activate', 'it', '--per-minute=60'], { at, env, typed });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `Activate 25 users of run it in ${okta.url}: 25 emails (25 to example.com), from now on, over about 24 s.`,
    );
    expect(stderr).toContain('Nothing was changed, because the answer was not yes.');
    expect(okta.ledger.requests({ operation: 'activateUser' })).toBe(0);
    expect(at.runIds()).toEqual(['it']);
  });

  it('activates after yes, and asks only about the users who are left', async () => {
    const { okta, at, env } = await staged(25);
    okta.addFault({ on: 'activateUser', nth: [24, 25], then: 'okta-error', errorCode: 'E0000001' });
    const first = await cli(['activate', 'it', '--concurrency=1'], { at, env, typed: 'yes\n' });
    expect(first).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('23 activated') });

    const second = await cli(['activate', 'it'], { at, env, typed: '' });

    expect(second.stderr).toContain('Activate 2 users of run it');
    expect(second.stderr).not.toContain('Continue?');
    expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
    const third = await cli(['activate', 'it'], { at, env, typed: '' });
    expect(third).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Activate 0 users') });
  });

  it.each([
    ['twenty emails', 20, []],
    ['25 emails and --yes', 25, ['--yes']],
    ['25 emails and --log-format=json', 25, ['--log-format=json']],
    ['25 users and no emails', 25, ['--no-send-email']],
    ['25 users and a file of links', 25, ['--links=links.csv']],
  ])('does not ask about %s', async (_, people, flags) => {
    const { okta, at, env } = await staged(people);

    expect(await cli(['activate', 'it', ...flags], { at, env, typed: 'no\n' })).toMatchObject({
      exitCode: 0,
    });
    expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
  });

  it('does not ask without a terminal, so that a scheduled activation does not hang', async () => {
    const { okta, at, env } = await staged(25);

    expect(await cli(['activate', 'it'], { at, env })).toMatchObject({ exitCode: 0 });
    expect(okta.users().every(({ status }) => status === 'PROVISIONED')).toBe(true);
  });

  it('does not count people who have a password or are active by now', async () => {
    const okta = await startSandbox();
    onTestFinished(() => okta.close());
    const at = workplace();
    const env = orgSettings(okta);
    const lines = ['a,Tr0ub4dor-3', 'b,', 'c,', 'd,'].map((line) => {
      const [name = '', password = ''] = line.split(',');
      return [
        `${name}@example.com`,
        `${name}@${name === 'c' ? 'example.org' : 'example.com'}`,
        name,
        'Lee',
        password,
      ].join(',');
    });
    const file = at.file('people.csv', ['login,email,firstName,lastName,password', ...lines, ''].join('\n'));
    await cli(['import', file, '--no-activate', '--run-id=it', '--quiet'], { at, env });
    await fetch(`${okta.url}/api/v1/users/d@example.com/lifecycle/activate`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });

    const { stderr } = await cli(['activate', 'it'], { at, env });

    expect(stderr).toContain('Activate 3 users of run it');
    expect(stderr).toContain(': 2 emails (1 to example.com, 1 to example.org), from now on.');
    expect(okta.ledger.mails).toHaveLength(3);
  });
});

/** The words of a command line, as a shell reads them. */
function wordsOf(command: string): string[] {
  const script = `for word in ${command}; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
