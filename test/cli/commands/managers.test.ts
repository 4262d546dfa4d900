import { expect, it, onTestFinished } from 'vitest';

import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { orgSettings } from '../../helpers/cli.js';
import { fastClock } from '../../helpers/fast-clock.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { until } from '../../helpers/until.js';

interface Org {
  readonly okta: Sandbox;
  readonly at: Workplace;
  run(...args: string[]): ReturnType<typeof cli>;
  /** The value of an attribute of a user. */
  value(name: string, attribute: string): unknown;
  id(name: string): string | undefined;
}

const MAPPING = (manager: string): string => `
profile:
  login: login
  email: login
  firstName: first
  lastName: last
  employeeNumber: number
  ${manager}
`;

async function company(
  manager: string,
  rows: readonly string[],
  options: Partial<SandboxOptions> = {},
): Promise<Org> {
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 100_000 }, ...options });
  onTestFinished(() => okta.close());
  const at = workplace();
  at.file('mapping.yaml', MAPPING(manager));
  write(at, rows);
  const env = orgSettings(okta);
  return {
    okta,
    at,
    run: (...args) => cli(args, { at, env, clock: fastClock() }),
    value: (name, attribute) => okta.findUser(`${name}@example.com`)?.profile[attribute],
    id: (name) => okta.findUser(`${name}@example.com`)?.id,
  };
}

/** `ann,boss`: everybody has a login, a number and a name made of theirs. */
function write(at: Workplace, rows: readonly string[]): void {
  const lines = rows.map((row, index) => {
    const [name = '', boss = ''] = row.split(',');
    return `${name}@example.com,${name},Of${name},${index + 1},${boss}`;
  });
  at.file('people.csv', ['login,first,last,number,Boss', ...lines].join('\n'));
}

const ID = 'managerId: { person: Boss, as: id }';

it('people of one file are each other’s managers in any order, by the IDs of users that did not exist before', async () => {
  const org = await company(ID, ['ann,bo@example.com', 'bo,cy@example.com', 'cy', 'di,ann@example.com']);

  expect(await org.run('import', 'people.csv', '--mapping=mapping.yaml', '--run-id=it')).toMatchObject({
    exitCode: 0,
  });

  expect(org.value('ann', 'managerId')).toBe(org.id('bo'));
  expect(org.value('bo', 'managerId')).toBe(org.id('cy'));
  expect(org.value('di', 'managerId')).toBe(org.id('ann'));
  expect(org.value('cy', 'managerId')).toBeUndefined();
  expect(org.at.run('it').results.map(({ status }) => status)).toEqual([
    'created',
    'created',
    'created',
    'created',
  ]);
  expect(await org.run('verify', 'it')).toMatchObject({ exitCode: 0 });
  expect(await org.run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toEqual([]);
});

it.each([
  ['login', 'bo@example.com'],
  ['email', 'bo@example.com'],
  ['employeeNumber', '2'],
  ['name', 'bo Ofbo'],
])('as: %s sends that value of the person, in the create itself', async (as, expected) => {
  const org = await company(`manager: { person: Boss, as: ${as} }`, ['ann,bo@example.com', 'bo']);

  expect(await org.run('import', 'people.csv', '--mapping=mapping.yaml')).toMatchObject({ exitCode: 0 });

  expect(org.value('ann', 'manager')).toBe(expected);
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(0);
});

it.each(['bo@example.com', 'BO@example.com', '2', 'bo Ofbo', 'Ofbo, bo'])(
  'a cell names a person as %s',
  async (text) => {
    const org = await company('manager: { person: Boss, as: login }', ['ann', 'bo', 'cy']);
    org.at.file(
      'people.csv',
      `login,first,last,number,Boss\nann@example.com,ann,Ofann,1,"${text}"\nbo@example.com,bo,Ofbo,2,\n`,
    );

    expect(await org.run('import', 'people.csv', '--mapping=mapping.yaml')).toMatchObject({ exitCode: 0 });

    expect(org.value('ann', 'manager')).toBe('bo@example.com');
  },
);

it.each([
  [
    'somebody who is nowhere',
    ['ann,zed@example.com'],
    '"zed@example.com" is in the file (--org also looks in the org)',
  ],
  [
    'a circle of three',
    ['ann,bo@example.com', 'bo,cy@example.com', 'cy,ann@example.com'],
    'The managers form a circle: ann Ofann → bo Ofbo → cy Ofcy → ann Ofann',
  ],
  ['themselves', ['ann,ann@example.com'], 'The managers form a circle: ann Ofann → ann Ofann'],
])('offline, %s is a problem', async (_, rows, message) => {
  const org = await company(ID, rows);

  const checked = await org.run('validate', 'people.csv', '--mapping=mapping.yaml');

  expect(checked).toMatchObject({ exitCode: 1 });
  expect(checked.stderr).toContain(message);
});

it('a person who is only in the org is found there', async () => {
  const org = await company(ID, ['ann,boss@example.com'], {
    seed: {
      users: [
        {
          profile: {
            login: 'boss@example.com',
            email: 'boss@example.com',
            firstName: 'The',
            lastName: 'Boss',
          },
        },
      ],
    },
  });

  expect(await org.run('import', 'people.csv', '--mapping=mapping.yaml')).toMatchObject({ exitCode: 0 });

  expect(org.value('ann', 'managerId')).toBe(org.id('boss'));
});

it('two people of one name are a problem of the rows that name them', async () => {
  const org = await company(ID, ['ann']);
  org.at.file(
    'people.csv',
    'login,first,last,number,Boss\na@example.com,A,B,1,Kim Ota\nk1@example.com,Kim,Ota,2,\nk2@example.com,Kim,Ota,3,\n',
  );

  const checked = await org.run('validate', 'people.csv', '--mapping=mapping.yaml');

  expect(checked.stderr).toContain('"Kim Ota" is the name of several people of the file');
});

it('a row whose manager could not be created fails, and its user is undone', async () => {
  const org = await company(ID, ['ann,bo@example.com', 'bo'], {
    faults: [
      {
        on: 'createUser',
        login: 'bo@example.com',
        then: 'okta-error',
        errorCode: 'E0000001',
        causes: ['title: no'],
      },
    ],
  });

  expect(await org.run('import', 'people.csv', '--mapping=mapping.yaml', '--run-id=it')).toMatchObject({
    exitCode: 1,
  });

  const { results } = org.at.run('it');
  expect(results[0]).toMatchObject({ status: 'failed', errorCode: 'ERR_PERSON_MISSING' });
  expect(results[0]?.['message']).toContain('bo@example.com has no user');
  expect(await org.run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toEqual([]);
});

it('a run that was interrupted in the second pass links the rest when it is resumed', async () => {
  const org = await interruptedWhileLinking('import');

  expect(await org.run('resume', 'it')).toMatchObject({ exitCode: 0 });

  for (const name of ['ann', 'p0', 'p7']) expect(org.value(name, 'managerId')).toBe(org.id('bo'));
  expect(org.okta.users()).toHaveLength(10);
  expect(await org.run('undo', 'it', '--yes')).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toEqual([]);
});

it('--max-failures stops before the manager of the next row is written', async () => {
  const org = await company(ID, ['bo', 'ann,bo@example.com', 'cy,bo@example.com', 'di,bo@example.com'], {
    faults: [{ on: 'updateUser', then: 'okta-error', errorCode: 'E0000001' }],
  });

  const args = ['import', 'people.csv', '--mapping=mapping.yaml', '--max-failures=0', '--concurrency=1'];

  const stopped = await org.run(...args);

  expect(stopped).toMatchObject({ exitCode: 3 });
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(1);
});

it.each(['import', 'sync'])(
  '%s --canary goes on after a row whose manager is written afterwards',
  async (command) => {
    const org = await company(ID, ['ann,bo@example.com', 'bo', 'cy,bo@example.com']);
    const dataset = command === 'sync' ? ['--dataset=staff'] : [];
    const args = [command, 'people.csv', '--mapping=mapping.yaml', '--canary=1', ...dataset];

    expect(await org.run(...args)).toMatchObject({ exitCode: 0 });

    for (const name of ['ann', 'cy']) expect(org.value(name, 'managerId')).toBe(org.id('bo'));
  },
);

it('a sync that was interrupted in the second pass links the rest when it is resumed', async () => {
  const org = await interruptedWhileLinking('sync', '--dataset=staff');

  expect(await org.run('resume', 'it')).toMatchObject({ exitCode: 0 });

  for (const name of ['ann', 'p0', 'p7']) expect(org.value(name, 'managerId')).toBe(org.id('bo'));
});

it('a nightly sync links joiners to their managers, and writes nothing when nothing changed', async () => {
  const org = await company(ID, ['ann,bo@example.com', 'bo']);
  const sync = (): ReturnType<Org['run']> =>
    org.run('sync', 'people.csv', '--mapping=mapping.yaml', '--dataset=staff', '--json');
  expect(await sync()).toMatchObject({ exitCode: 0 });
  expect(org.value('ann', 'managerId')).toBe(org.id('bo'));
  const writes = org.okta.ledger.requests({ operation: 'updateUser' });

  expect(await sync()).toMatchObject({ exitCode: 0 });
  expect(org.okta.ledger.requests({ operation: 'updateUser' })).toBe(writes);

  write(org.at, ['ann,cy@example.com', 'bo', 'cy,bo@example.com']);
  expect(await sync()).toMatchObject({ exitCode: 0 });
  expect(org.value('ann', 'managerId')).toBe(org.id('cy'));
  expect(org.value('cy', 'managerId')).toBe(org.id('bo'));
});

it.each([
  ['{ person: Boss }', 'person needs as: id, login, email, employeeNumber, or name'],
  ['{ person: Boss, as: shoe }', 'person needs as:'],
  ['{ column: Boss, as: id }', 'Only person can have as'],
  ['{ person: Boss, as: id, split: ";" }', 'A person cannot have split'],
])('managerId: %s is an error of the mapping file with its line', async (source, message) => {
  const org = await company(`managerId: ${source}`, ['ann']);

  const checked = await org.run('validate', 'people.csv', '--mapping=mapping.yaml');

  expect(checked).toMatchObject({ exitCode: 2 });
  expect(checked.stderr).toContain('mapping.yaml:8:');
  expect(checked.stderr).toContain(message);
});

/** A company of ten whose import or sync was interrupted when it had begun to write managers. */
async function interruptedWhileLinking(...command: string[]) {
  const rows = ['ann,bo@example.com', 'bo', ...Array.from({ length: 8 }, (_, n) => `p${n},bo@example.com`)];
  const org = await company(ID, rows, {
    faults: [{ on: 'updateUser', then: 'slow-before-commit', delayMs: 100 }],
  });
  const linking = until(() => org.okta.ledger.requests({ operation: 'updateUser' }) > 0);
  const args = [...command, 'people.csv', '--mapping=mapping.yaml', '--run-id=it', '--concurrency=1'];
  const stopped = await cli(args, {
    at: org.at,
    env: orgSettings(org.okta),
    interrupt: linking.then(() => 'SIGINT'),
  });
  expect(stopped).toMatchObject({ exitCode: 130 });
  org.okta.clearFaults();
  return org;
}
