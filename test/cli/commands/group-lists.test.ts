import { readFileSync } from 'node:fs';

import { describe, expect, it, onTestFinished } from 'vitest';

import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../../helpers/people.js';
import { workplace } from '../../helpers/workplace.js';

async function sandbox(): Promise<Sandbox> {
  const okta = await startSandbox({ seed: demoSeed });
  onTestFinished(() => okta.close());
  return okta;
}

const spreadsheet = (name: string): string => readFileSync(`fixtures/spreadsheets/${name}.csv`, 'utf8');

const groupNames = async (okta: Sandbox): Promise<readonly string[]> => {
  const response = await fetch(`${okta.url}/api/v1/groups`, {
    headers: { authorization: `SSWS ${okta.token}` },
  });
  const groups = (await response.json()) as readonly { profile: { name: string } }[];
  return groups.map(({ profile }) => profile.name);
};

describe('a cell with several groups that is not split', () => {
  it.each([
    {
      name: 'groups-by-comma-line-and-bar',
      split: { 'tobias.osei': ['Sales', 'Support'] },
      refused: ['mira.kuehn', 'ines.prado'],
    },
    {
      name: 'groups-as-other-programs-write-them',
      split: {},
      refused: ['mira.kuehn', 'tobias.osei', 'ines.prado', 'juma.otieno'],
    },
  ])('is never created as one group: $name', async ({ name, split, refused }) => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', spreadsheet(name));
    const before = await groupNames(okta);

    const { exitCode } = await cli(['import', file, '--create-groups', '--run-id=it'], {
      at,
      env: orgSettings(okta),
    });

    expect(exitCode).toBe(1);
    expect(await groupNames(okta)).toEqual(before);
    for (const [login, groups] of Object.entries(split)) expect(okta.groupsOf(login)).toEqual(groups);
    const { results } = at.run('it');
    const invalid = results.filter(({ status }) => status === 'invalid');
    expect(invalid.map(({ login }) => login)).toEqual(refused.map((login) => `${login}@example.com`));
    for (const { errorCode, message } of invalid) {
      expect(errorCode).toBe('group-list');
      expect(message).toMatch(/use this line in a mapping file: groups: \{ .*split: .* \}$/);
    }
  });

  it.each([
    [
      'groups-by-comma-line-and-bar',
      { 'mira.kuehn': ['Engineering', 'Support'], 'ines.prado': ['Sales', 'Support'] },
    ],
    ['groups-as-other-programs-write-them', { 'tobias.osei': ['Sales', 'Berlin office'] }],
  ])('is split by the line that the last message of its kind suggests: %s', async (name, expected) => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', spreadsheet(name));
    await cli(['import', file, '--run-id=first'], { at, env: orgSettings(okta) });
    const { failed } = at.run('first');
    const logins = Object.keys(expected);
    const line = failed
      .filter(({ login = '' }) => logins.includes(login.replace(/@.*/, '')))
      .map(({ _error = '' }) => /groups: \{.*\}/.exec(_error)?.[0])
      .at(-1);
    const mapping = at.file('people.yaml', `profile: { login: login }\n${line}\n`);

    await cli(['import', 'reports/first/failed.csv', '--mapping', mapping, '--create-groups'], {
      at,
      env: orgSettings(okta),
    });

    for (const [login, groups] of Object.entries(expected)) expect(okta.groupsOf(login)).toEqual(groups);
  });

  it('is one group if the org has a group of that name', async () => {
    const okta = await startSandbox({ seed: { groups: [{ name: 'Berlin, office' }] } });
    onTestFinished(() => okta.close());
    const at = workplace();
    const file = at.file(
      'people.csv',
      'login,email,firstName,lastName,groups\na1@example.com,a1@example.com,A,B,"Berlin, office"\n',
    );

    const { exitCode } = await cli(['import', file], { at, env: orgSettings(okta) });

    expect(exitCode).toBe(0);
    expect(okta.groupsOf('a1')).toEqual(['Berlin, office']);
  });

  it('is a list if it is written in JSON, whose values are not split', async () => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file(
      'people.csv',
      'login,email,firstName,lastName,groups\na1@example.com,a1@example.com,A,B,"[""Sales"",""R, D""]"\n',
    );

    const { exitCode } = await cli(['import', file, '--create-groups'], { at, env: orgSettings(okta) });

    expect(exitCode).toBe(0);
    expect(okta.groupsOf('a1')).toEqual(['Sales', 'R, D']);
  });

  it.each(['groups-by-comma-line-and-bar', 'groups-as-other-programs-write-them'])(
    'is a warning offline: %s',
    async (name) => {
      const at = workplace();
      const file = at.file('people.csv', spreadsheet(name));

      const { exitCode, stderr } = await cli(['validate', file], { at });

      expect(exitCode).toBe(0);
      expect(stderr).toContain(
        'looks like several groups. To split the cell, use this line in a mapping file:',
      );
    },
  );
});

describe('numbered columns of groups', () => {
  it.each(['numbered-groups', 'numbered-groups-in-german'])('feed one list: %s', async (name) => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', spreadsheet(name));

    const { exitCode } = await cli(['import', file], { at, env: orgSettings(okta) });

    expect(exitCode).toBe(0);
    expect(okta.groupsOf('mira.kuehn')).toEqual(['Engineering', 'Support']);
    expect(okta.groupsOf('tobias.osei')).toEqual(['Sales']);
  });

  it('are one line of the mapping that is drafted for them', async () => {
    const at = workplace();
    const file = at.file('people.csv', spreadsheet('numbered-groups-in-german'));

    const { stdout } = await cli(['mapping', file], { at });

    expect(stdout).toContain('groups: { columns: [Gruppe, Gruppe2, Gruppe 3], split: ";" }');
  });
});

it('validate lists the groups that an import would create', async () => {
  const okta = await sandbox();
  const at = workplace();
  const file = at.file(
    'people.csv',
    'login,email,firstName,lastName,groups\na1@example.com,a1@example.com,A,B,Sales;Night shift\nb2@example.com,b2@example.com,B,C,Night shift\nc3@example.com,c3@example.com,,D,Never\n',
  );

  const { stderr } = await cli(['validate', file, '--org', '--create-groups', '--run-id=it'], {
    at,
    env: orgSettings(okta),
  });

  expect(stderr).toContain('1 group would be created: "Night shift".');
  expect(at.run('it').summary.plan?.groupsToCreate).toEqual(['Night shift']);
});

describe('a group of --group that the org does not have', () => {
  it.each([
    ['import', 'Enginering', 'Did you mean "Engineering"?'],
    ['validate', 'engineering', 'Did you mean "Engineering"?'],
    ['import', 'Zzzz', 'The org has no group "Zzzz".'],
    ['import', 'Engineering, Support', 'Give --group once for each group.'],
    ['import', 'Everyone', 'Okta adds every user to the group Everyone'],
  ])('stops %s before anything is sent: %s', async (verb, group, message) => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(60));
    const users = okta.users().length;
    const org = verb === 'validate' ? ['--org'] : [];

    const { exitCode, stderr } = await cli([verb, file, '--group', group, ...org], {
      at,
      env: orgSettings(okta),
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.split('\n').length).toBeLessThan(5);
    expect(okta.users()).toHaveLength(users);
  });

  it('is created with --create-groups', async () => {
    const okta = await sandbox();
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));

    await cli(['import', file, '--group', 'Night shift', '--create-groups'], { at, env: orgSettings(okta) });

    expect(okta.groupsOf(loginOf(2))).toEqual(['Night shift']);
  });
});
