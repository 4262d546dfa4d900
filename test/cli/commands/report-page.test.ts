import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { writeReportPage } from '../../../src/index.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { cli as cliProcess, orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { readPage } from '../../helpers/page.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
}

async function scene(options: SandboxOptions = {}): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  return { okta, at: workplace(), env: orgSettings(okta) };
}

const PEOPLE = [
  'login,email,firstName,lastName,department',
  'zoe@example.com,zoe@example.com,Zoë,Čapek,Sales',
  'bad,bad@example.com,Björn,Åkerlund,Sales',
  'noor@example.com,noor@example.com,Noor,van der Berg,Support',
  'mail-only@example.com,mail-only@example.com,,,Support',
  'ravi@example.com,ravi@example.com,Ravi,Rao,Support',
];
const NAMES = ['Zoë Čapek', 'Björn Åkerlund', 'Noor van der Berg', '', 'Ravi Rao'];

const FILES = {
  'people.csv': `${PEOPLE.join('\n')}\n`,
  'people.xlsx': workbook({ rows: sheetRows(PEOPLE.map((line) => line.split(','))) }),
  'semicolons.csv': `${PEOPLE.join('\r\n').replaceAll(',', ';')}\r\n`,
} as const;

function line(index: number): string {
  return `p${index}@example.com,p${index}@example.com,Given,${'x'.repeat(45)},`;
}

function person(name: string, password: string): string {
  return `${name}@example.com,${name}@example.com,Given,Family,${password}`;
}

function leaksIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(/.{0,60}Horse.{0,20}/g)].map(([leak]) => leak));
}

function names(at: Workplace, runId: string): string[] {
  return readPage(at, runId).rows.map(({ name }) => name);
}

describe.each(Object.entries(FILES))('the names of %s', (name, content) => {
  it('are on the page of a dry run, an import, a rebuilt report, an undo and an activation', async () => {
    const { at, env } = await scene();
    const file = at.file(name, content);
    const flags = ['--no-activate'];

    await cli(['validate', file, '--run-id=check', ...flags], { at });
    await cli(['import', file, '--run-id=it', '--concurrency=4', ...flags], { at, env });
    const imported = names(at, 'it');
    rmSync(join(at.folder, 'reports/it/report.html'));
    await cli(['report', 'it'], { at });
    await cli(['activate', 'it'], { at, env });
    await cli(['undo', 'it', '--yes', '--concurrency=1'], { at, env });

    expect(names(at, 'check')).toEqual(NAMES);
    expect(imported).toEqual(NAMES);
    expect(names(at, 'it')).toEqual(NAMES);
    const created = NAMES.filter((_, index) => index !== 1 && index !== 3);
    expect(names(at, 'it-activate').toSorted()).toEqual(created.toSorted());
    expect(names(at, 'it-undo')).toEqual(created.toReversed());
    const sheet = name.endsWith('.xlsx') ? 'sheet row' : 'line';
    expect(readPage(at, 'it').text).toContain(`Björn Åkerlund , ${sheet} 3, bad`);
  });

  it('are on the page of a resumed run, also of the rows that an earlier process handled', async () => {
    const { at, env } = await scene({
      faults: [{ on: 'createUser', nth: 2, then: 'okta-error', errorCode: 'E0000038' }],
    });
    const file = at.file(name, content);
    const flags = ['--max-failures=1', '--concurrency=1', '--run-id=it'];
    const stopped = await cli(['import', file, ...flags], { at, env });
    const resumed = await cli(['resume', 'it'], { at, env });

    expect([stopped.exitCode, resumed.exitCode]).toEqual([3, 1]);
    expect(names(at, 'it')).toEqual(NAMES);
    expect(readPage(at, 'it').text).toContain('Noor van der Berg');
  });
});

it('a page that is made without the file of the run has no names, and is complete otherwise', async () => {
  const { at, env } = await scene();
  at.file('people.csv', FILES['people.csv']);
  await cli(['import', 'people.csv', '--run-id=it'], { at, env });
  writeFileSync(join(at.folder, 'people.csv'), `${FILES['people.csv']}\n`);

  await cli(['report', 'it'], { at });

  const { rows, text } = readPage(at, 'it');
  expect(rows.map(({ name }) => name)).toEqual(['', '', '', '', '']);
  expect(rows.map(({ status }) => status)).toEqual(at.run('it').results.map(({ status }) => status));
  expect(text).toContain('line 3, bad');
});

it('the page that the library makes of a run has names', async () => {
  const { at, env } = await scene();
  at.file('people.csv', FILES['people.csv']);
  await cli(['import', 'people.csv', '--run-id=it'], { at, env });

  await writeReportPage(join(at.folder, 'reports/it'));

  expect(names(at, 'it')).toEqual(NAMES);
});

it('leaves no temporary file of the page, however many rows there are', async () => {
  const { at } = await scene();
  const lines = Array.from({ length: 9000 }, (_, index) => line(index + 1));
  at.file('people.csv', `${PEOPLE[0]}\n${lines.join('\n')}\n`);

  await cli(['validate', 'people.csv', '--run-id=it'], { at });

  const { rows } = readPage(at, 'it');
  expect(rows).toHaveLength(9000);
  expect(rows.map(({ login }) => login)).toEqual(at.run('it').results.map(({ login }) => login));
  expect(readdirSync(join(at.folder, 'reports/it')).sort()).toEqual([
    'failed.csv',
    'report.html',
    'results.csv',
    'summary.json',
  ]);
});

describe('secrets', () => {
  const SECRET = 'Correct-Horse-9';
  const HEADER = 'login,email,firstName,lastName,password,recoveryQuestion,recoveryAnswer,Old password';
  const good = (name: string): string =>
    `${name}@example.com,${name}@example.com,${name},Lee,${SECRET},Best pet?,Answer-${SECRET},Old-${SECRET}`;

  it.each<[string, string, readonly string[]]>([
    ['valid rows', good('ann'), []],
    ['a missing cell', `ann@example.com,ann@example.com,Ann,${SECRET},Question?,Answer-${SECRET},,`, []],
    ['an extra cell', `ann@example.com,ann@example.com,,Ann,${SECRET},${SECRET},Q?,${SECRET},${SECRET}`, []],
    ['cells moved to the left', `ann@example.com,Ann,${SECRET},${SECRET},,,${SECRET},`, []],
    ['a whole row in one cell', `"ann@example.com,ann@example.com,Ann,Lee,${SECRET}",,,,,,,`, []],
    ['moved cells that are not selected', `ann@example.com,Ann,${SECRET},${SECRET},,,,`, ['--only=1']],
    ['a damaged row', `ann@example.com,ann@example.com,${SECRET},\uFFFD${SECRET},,,,`, []],
  ])('are on no page: %s', async (_, row, flags) => {
    const { at, env } = await scene();
    at.file('people.csv', `${HEADER}\n${good('bo')}\n${row}\n`);
    const all = ['people.csv', '--ignore-columns=Old password', ...flags];

    const checked = await cli(['validate', ...all, '--org', '--preview', '--run-id=check'], { at, env });
    const imported = await cli(['import', ...all, '--run-id=it'], { at, env });
    await cli(['report', 'it'], { at });

    expect(readPage(at, 'check').rows[0]).toMatchObject({
      name: 'bo Lee',
      values: { firstName: 'bo', password: '[redacted]', 'recovery question': '[redacted]' },
    });
    expect(names(at, 'it')[0]).toBe('bo Lee');
    const shown = [readPage(at, 'check').html, readPage(at, 'it').html, checked.stdout, checked.stderr];
    expect(leaksIn([...shown, imported.stderr])).toEqual([]);
  });

  it('do not hide the names of rows with other problems', async () => {
    const { at } = await scene();
    at.file('people.csv', `${HEADER}\n${good('bo')}\n${good('cy').replace(',Lee,', ',,')}\n`);

    await cli(['validate', 'people.csv', '--ignore-columns=Old password', '--run-id=it'], { at });

    expect(names(at, 'it')).toEqual(['bo Lee', 'cy']);
    expect(readPage(at, 'it').text).toContain('cy , line 3, cy@example.com');
  });

  it('that feed an attribute by mistake are not shown as its value', async () => {
    const { at, env, okta } = await scene();
    at.file(
      'people.csv',
      `login,email,firstName,lastName,Temp password\nann@example.com,ann@example.com,Ann,Lee,${SECRET}\n`,
    );
    at.file(
      'map.yaml',
      'profile:\n  login: login\n  email: email\n  firstName: firstName\n  lastName: lastName\n  nickName: "{{ row[\'Temp password\'] }}"\n',
    );
    await cli(['import', 'people.csv', '--mapping=map.yaml', '--run-id=it'], { at, env });
    expect(okta.findUser('ann')?.profile['nickName']).toBe(SECRET);
    at.file(
      'people.csv',
      `login,email,firstName,lastName,Temp password\nann@example.com,ann@example.com,Ann,Lee,New-${SECRET}\n`,
    );

    const flags = ['people.csv', '--mapping=map.yaml', '--org', '--if-exists=update', '--preview'];
    const { stdout, stderr } = await cli(['validate', ...flags, '--run-id=check'], { at, env });

    expect(readPage(at, 'check').rows[0]).toMatchObject({
      status: 'would-update',
      values: { nickName: '[redacted]' },
    });
    expect(leaksIn([readPage(at, 'check').html, stdout, stderr])).toEqual([]);
  });
});

describe('the page tells', () => {
  const CSV = [
    'login,email,firstName,lastName,password',
    ...['ann', 'bo', 'cy'].map((name) => person(name, 'Horse-Staple-7')),
    ...['di', 'eve'].map((name) => person(name, '')),
    '',
  ].join('\n');

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'active users',
      [],
      ['Can sign in now\n3', 'Must choose a password first\n2', 'Activation emails sent\n2'],
      ['Not activated yet'],
    ],
    [
      'staged users',
      ['--no-activate'],
      ['Not activated yet\n5 staged; no email was sent', 'okta-csv-import activate '],
      ['Can sign in now', 'Activation emails sent'],
    ],
    [
      'users who must change their password',
      ['--change-password', '--only=1-3'],
      ['Can sign in now\n3'],
      ['Activation emails sent'],
    ],
  ])('who can sign in and who got an email: %s', async (_, flags, shown, hidden) => {
    const { at, env } = await scene();

    await cli(['import', at.file('people.csv', CSV), '--run-id=it', ...flags], { at, env });
    await cli(['report', 'it'], { at });

    const { text } = readPage(at, 'it');
    for (const words of shown) expect(text).toContain(words);
    for (const words of hidden) expect(text).not.toContain(words);
  });

  it('how many users are in which group, which groups are new, and the flags', async () => {
    const { at, env } = await scene({ seed: { groups: [{ name: 'Sales' }] } });
    const csv =
      'login,email,firstName,lastName,groups\na@example.com,a@example.com,A,A,Sales\nb@example.com,b@example.com,B,B,Sales;Night shift\nc@example.com,c@example.com,C,C,\n';
    const flags = ['--group=New hires', '--create-groups', '--if-exists=skip'];

    await cli(['import', at.file('people.csv', csv), '--run-id=it', ...flags], { at, env });
    const imported = readPage(at, 'it').text;
    await cli(['report', 'it'], { at });

    for (const text of [imported, readPage(at, 'it').text]) {
      expect(text).toContain(
        'New hires 3 users, created by this run\nSales 2 users\nNight shift 1 user, created by this run',
      );
      expect(text).toContain("Flags\n--group 'New hires' --if-exists skip --create-groups");
    }
  });

  it('the account, the machine and the time zone of the process', async () => {
    const { at, env } = await scene();
    const file = at.file('people.csv', CSV);

    await cliProcess(['import', file, '--run-id=it'], { at, env: { ...env, TZ: 'Asia/Tokyo' } });

    const { text } = readPage(at, 'it');
    expect(text).toContain(`Operator\n${userInfo().username} on ${hostname()}`);
    expect(text).toContain('Time zone\nJapan Standard Time (UTC+09:00)');
    expect(text).toMatch(/^Started\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\+09:00$/m);
    const { startedAt } = at.run('it').summary;
    const local = new Date(Date.parse(startedAt) + 9 * 3_600_000).toISOString();
    expect(text).toContain(`${local.slice(0, 10)} ${local.slice(11, 19)} UTC+09:00`);
  });
});
