import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { loginOf, peopleCsv, peopleIn } from '../helpers/people.js';
import { fixture, workplace } from '../helpers/workplace.js';

import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

/** One request at a time, so that everything happens in file order. */
const IN_ORDER = '--concurrency=1';

it('validate', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const people = at.file('people.csv', peopleCsv(3));
  const one = at.file('one.csv', peopleCsv(1));
  const none = at.file('none.csv', 'login,email,firstName,lastName\n');
  const mistakes = at.file(
    'mistakes.csv',
    `${peopleCsv(1)}p2@example,p2@example,,Family\np3,p3@example.com,C\n`,
  );
  const { env } = await sandboxOrg({ seed: demoSeed });
  const validate = (title: string, args: readonly string[], more: object = {}) =>
    transcript.command(title, ['validate', ...args], { at, env, ...more });

  await validate('all rows are valid, offline', [people, '--run-id=offline']);
  await validate('one row', [one, '--run-id=one']);
  await validate('no rows', [none, '--run-id=none']);
  await validate('all rows are valid, quiet', [people, '--run-id=quiet', '--quiet']);
  await validate('rows with problems, offline', [mistakes, '--run-id=bad']);
  await validate('rows with problems, quiet', [mistakes, '--run-id=bad-quiet', '--quiet']);
  await validate('with the org: a plan', [people, '--org', '--run-id=org']);
  await validate('with the org: rows with problems', [mistakes, '--org', '--run-id=org-bad']);
  await validate('JSON', [people, '--org', '--run-id=json', '--json', '--quiet']);
  await validate('log as JSON', [mistakes, '--run-id=log', '--log-format=json']);
  await validate('some rows only', [people, '--only=2', '--run-id=only']);
  await validate('like import --dry-run', [people, '--sandbox', '--run-id=sandbox']);
  await transcript.command('dry run of import', ['import', people, '--dry-run', '--run-id=dry'], { at });

  const only = at.run('only').results.map(({ row, status, message }) => `${row} ${status} ${message}`.trim());
  transcript.add('results.csv of some rows only', only.join('\n'), at);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/validate.txt');
});

it('import', async () => {
  const transcript = new Transcript();

  const importInto = async (
    title: string,
    args: readonly string[],
    { people = peopleCsv(3), options = {} }: { people?: string; options?: SandboxOptions } = {},
  ): Promise<void> => {
    const at = workplace();
    const { env } = await sandboxOrg(options);
    const file = at.file('people.csv', people);
    await transcript.command(title, ['import', file, '--run-id=it', IN_ORDER, ...args], { at, env });
  };
  const refuseSecond: SandboxOptions = {
    faults: [{ on: 'createUser', login: loginOf(2), then: 'okta-error', errorCode: 'E0000038' }],
  };
  const existing: SandboxOptions = {
    seed: {
      users: [
        { profile: { login: loginOf(1), email: loginOf(1), firstName: 'Given 1', lastName: 'Family' } },
        { profile: { login: loginOf(2), email: loginOf(2), firstName: 'Other', lastName: 'Family' } },
        {
          profile: { login: loginOf(3), email: loginOf(3), firstName: 'Given 3', lastName: 'Family' },
          status: 'DEPROVISIONED',
        },
      ],
    },
  };

  await importInto('all rows succeed', []);
  await importInto('one row succeeds', [], { people: peopleCsv(1) });
  await importInto('no rows', [], { people: 'login,email,firstName,lastName\n' });
  await importInto('all rows succeed, quiet', ['--quiet']);
  await importInto('JSON', ['--json']);
  await importInto('log as JSON', ['--log-format=json']);
  await importInto('verbose', ['--verbose'], { people: peopleCsv(1) });
  await importInto('one row fails', [], { options: refuseSecond });
  await importInto('one row fails, quiet', ['--quiet'], { options: refuseSecond });
  await importInto('staged users', ['--no-activate']);
  await importInto('some rows only', ['--only=1-2']);
  await importInto('a sandbox that is gone after the run stopped', ['--sandbox', '--canary=1'], {
    people:
      'login,email,firstName,lastName\njose.nunez@example.com,x@example.com,J,N\na@example.com,a@example.com,A,B\n',
  });
  await importInto('existing users fail', [], { options: existing, people: peopleCsv(4) });
  await importInto('existing users are skipped', ['--if-exists=skip'], {
    options: existing,
    people: peopleCsv(4),
  });
  await importInto('existing users are updated', ['--if-exists=update'], {
    options: existing,
    people: peopleCsv(4),
  });
  await importInto('dry run of an update', ['--if-exists=update', '--dry-run', '--org'], {
    options: existing,
    people: peopleCsv(4),
  });
  await importInto('dry run of a skip', ['--if-exists=skip', '--dry-run', '--org'], {
    options: existing,
    people: peopleCsv(4),
  });
  await importInto('a canary row fails', ['--canary=2'], { options: refuseSecond });
  await importInto('more failures than allowed', ['--max-failures=0'], { options: refuseSecond });
  await importInto('a larger share of failures than allowed', ['--max-failures=10%'], {
    options: refuseSecond,
  });
  await importInto('all or nothing, with an invalid row', ['--all-or-nothing'], {
    people: `${peopleCsv(2)}bad,bad,Bad,Row\n`,
  });
  await importInto('an unknown group for every row', ['--group=Nowhere']);
  const blocked: SandboxOptions = { faults: [{ on: 'listGroups', then: 'html-body', status: 403 }] };
  await importInto('a group for every row that cannot be looked up', ['--group=Team'], { options: blocked });
  await importInto('groups that cannot be looked up', ['--log-format=json'], {
    people: peopleIn('Team', 'Team'),
    options: blocked,
  });
  await importInto('created groups', ['--group=New hires', '--create-groups']);
  await importInto('the token is revoked during the run', [], {
    options: { faults: [{ on: 'createUser', nth: 2, then: 'revoke-token' }] },
  });
  await importInto('retried requests', ['--verbose'], {
    people: peopleCsv(1),
    options: { faults: [{ on: 'createUser', nth: 1, then: 'status-503' }] },
  });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/import.txt');
});

it('import of a file with mistakes', async () => {
  const transcript = new Transcript();
  const at = workplace();
  const file = at.file('cohort.csv', readFileSync(fixture('cohort-with-mistakes.csv')));
  const { env } = await sandboxOrg({ seed: demoSeed });

  await transcript.command('mixed outcomes', ['import', file, '--run-id=it', IN_ORDER], { at, env });
  const rows = at
    .run('it')
    .results.map(
      ({ row, line, login, status, errorCode, message }) =>
        `${row} (line ${line}) ${login}: ${[status, errorCode, message].filter((text) => text !== '').join(' | ')}`,
    );
  transcript.add('results.csv', rows.join('\n'), at);
  transcript.add('failed.csv', at.run('it').failedText.replace('\uFEFF', ''), at);

  await expect(transcript.text).toMatchFileSnapshot('snapshots/import-with-mistakes.txt');
});
