import { expect, it, onTestFinished } from 'vitest';

import { parseMappingFile } from '../../../src/mapping/mapping-file.js';
import { demoSeed } from '../../../src/sandbox/demo-seed.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings, type CliResult } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

async function template(flags: readonly string[], at = workplace()): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(['template', ...flags], { at });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** An org with unusual names and texts. */
async function awkwardOrg(options: SandboxOptions = {}): Promise<Record<string, string>> {
  const okta = await startSandbox({
    seed: {
      ...demoSeed,
      users: [],
      attributes: {
        ...demoSeed.attributes,
        groups: { title: 'Groups of the old system', type: 'string' },
        group_s: { title: 'More: # of them\nand a line', type: 'array', items: { type: 'integer' } },
        aRatherLongNameOfAnAttributeThatSomebodyOnceGaveInAHurryAndNobodyDaredToChange: {
          title: '一つの非常に長い属性の名前、それは八十列に収まらなければならない',
          type: 'string',
          pattern: `^[a-z]{${'1'.repeat(90)}}$`,
        },
        payrollId: { title: 'Payroll', type: 'string', mutability: 'READ_ONLY' },
        grade: { title: 'Grade', type: 'integer', minimum: 1, maximum: 12 },
        cohort: { title: 'Cohort', type: 'integer', required: true },
      },
    },
    ...options,
  });
  onTestFinished(() => okta.close());
  return orgSettings(okta);
}

/** The result of `validate` for a template, optionally with one user filled in. */
async function validated(
  text: string,
  flags: readonly string[],
  at: Workplace,
  env = {},
): Promise<CliResult> {
  return cli(['validate', at.file('template.csv', text), '--json', '--quiet', ...flags], { at, env });
}

it.each([
  ['offline', [], []],
  ['of a sandbox', ['--sandbox'], ['--sandbox']],
  ['of a user type', ['--sandbox', '--user-type=Contractor'], ['--sandbox', '--user-type=contractor']],
])('writes a header %s in which validate recognizes every column', async (_, flags, sameFlags) => {
  const at = workplace();
  const text = await template(flags, at);
  const { exitCode, stderr } = await validated(text, sameFlags, at);

  expect(text).toMatch(/^login,firstName,lastName,email,.*\r\n$/);
  expect(text).toMatch(/,groups,password,recoveryQuestion,recoveryAnswer\r\n$/);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

it('has the custom attributes of the org, required ones first, and no read-only ones', async () => {
  const at = workplace();
  const env = await awkwardOrg();
  const { stdout } = await cli(['template', '--org'], { at, env });
  const columns = stdout.trimEnd().split(',');

  expect(columns.slice(0, 5)).toEqual(['login', 'firstName', 'lastName', 'email', 'cohort']);
  expect(columns).toContain('skills');
  // The plain name means the groups that users join.
  expect(columns.filter((column) => column.includes('group'))).toEqual([
    'profile.groups',
    'profile.group_s',
    'groups',
  ]);
  expect(columns).toContain('type');
  expect(columns).not.toContain('payrollId');
  expect(await validated(stdout, ['--org'], at, env)).toMatchObject({ exitCode: 0, stderr: '' });
});

it('has the attributes of a user type, and lists the types when the name is unknown', async () => {
  const columns = (await template(['--sandbox', '--user-type=contractor'])).trimEnd().split(',');
  const { exitCode, stdout, stderr } = await cli(['template', '--sandbox', '--user-type=pirate'], {
    at: workplace(),
  });

  expect(columns.slice(0, 5)).toEqual(['login', 'firstName', 'lastName', 'email', 'agency']);
  expect(columns).not.toContain('skills');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('Unknown user type "pirate". The org has "user", "contractor", and "student".');
});

it('describes every column within the width of a terminal', async () => {
  const { stdout } = await cli(['template', '--explain', '--org'], {
    at: workplace(),
    env: await awkwardOrg(),
  });
  const lines = stdout.trimEnd().split('\n');
  const { default: stringWidth } = await import('string-width');

  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
  expect(lines[0]).toMatch(/^COLUMN +LABEL +TYPE +LIMITS$/);
  const words = stdout.replaceAll(/\s+/g, '');
  expect(words).toContain('loginUsernametextrequired;email');
  expect(words).toContain('oneof:');
});

it('shows the labels, types, limits and choices of the schema', async () => {
  const lines = (await template(['--explain', '--sandbox'])).split('\n');

  expect(lines.find((line) => line.startsWith('badgeNumber '))).toMatch(/ text +4 to 11 characters;/);
  expect(lines.find((line) => line.startsWith('shirtSize '))).toMatch(
    /Shirt size +text +one of: S \(Small\),/,
  );
  expect(lines.find((line) => line.startsWith('firstName '))).toMatch(/text +required; 1 to 50\b/);
  expect(lines.find((line) => line.startsWith('type '))).toMatch(/user type +one of: user,/);
});

it('shows the bounds of numbers, which only some orgs have', async () => {
  const { stdout } = await cli(['template', '--explain', '--org'], {
    at: workplace(),
    env: await awkwardOrg(),
  });

  expect(stdout).toMatch(/^grade +Grade +integer +1 to 12$/m);
});

it('describes the columns as JSON, too', async () => {
  const columns = JSON.parse(await template(['--explain', '--json', '--sandbox'])) as Record<
    string,
    unknown
  >[];
  const header = (await template(['--sandbox'])).trimEnd().split(',');
  const named = (name: string): unknown => columns.find(({ column }) => column === name);

  expect(columns.map(({ column }) => column)).toEqual(header);
  expect(named('badgeNumber')).toEqual({
    column: 'badgeNumber',
    attribute: 'badgeNumber',
    label: 'Badge number',
    description: 'As printed on the badge',
    type: 'string',
    required: false,
    unique: true,
    minLength: 4,
    maxLength: 11,
  });
  expect(named('skills')).toMatchObject({ type: 'array', items: 'string' });
  expect(named('shirtSize')).toMatchObject({ allowed: [{ value: 'S', title: 'Small' }, {}, {}, {}] });
  expect(named('groups')).toMatchObject({ attribute: null });
});

it('writes a mapping that import accepts, unchanged and with every line uncommented', async () => {
  const at = workplace();
  const env = await awkwardOrg();
  const { stdout } = await cli(['template', '--mapping', '--org'], { at, env });
  const inUse = stdout.replaceAll(/^ {2}# (?=\w)/gm, '  ').replaceAll(/^# (?=(?:groups|type):)/gm, '');

  expect(parseMappingFile(stdout, 'people.yaml').fields.map(({ path }) => path)).toEqual([
    'profile.login',
    'profile.firstName',
    'profile.lastName',
    'profile.email',
    'profile.cohort',
  ]);
  expect(parseMappingFile(inUse, 'people.yaml').fields.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['profile.skills', 'profile.groups', 'profile.group_s', 'groupIds', 'type.id']),
  );
  const header = await cli(['template', '--org'], { at, env });
  const flags = ['--org', '--mapping', at.file('people.yaml', inUse)];
  expect(await validated(header.stdout, flags, at, env)).toMatchObject({ exitCode: 0, stderr: '' });
});

it.each([
  [['--explain', '--mapping'], 'cannot be combined'],
  [['--json'], '--json needs --explain'],
  [['--user-type=student'], '--user-type needs --org'],
])('rejects %j, with exit code 2', async (flags, words) => {
  const { exitCode, stdout, stderr } = await cli(['template', ...flags], { at: workplace() });

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});
