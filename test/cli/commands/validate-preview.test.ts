import { describe, expect, it, onTestFinished } from 'vitest';

import { previewText } from '../../../src/cli/preview-table.js';
import type { RowPreview } from '../../../src/jobs/row-preview.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { orgSettings } from '../../helpers/cli.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { openTerminal } from '../../helpers/terminal.js';
import { workplace } from '../../helpers/workplace.js';

/** The table of a preview: its lines, cut into cells. */
function tableIn(text: string): string[][] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('Preview of '));
  return lines
    .slice(first + 1)
    .filter((line) => line !== '' && !line.startsWith('Empty in these rows'))
    .map((line) => line.trimEnd().split(/ {2,}/));
}

async function orgWith(options: SandboxOptions): Promise<Record<string, string>> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  return orgSettings(okta);
}

describe('validate --preview', () => {
  it.each([
    [
      'a file with other names',
      'people.csv',
      'E-mail;Given name;Surname;Teams\nann@example.com;Ann;Lee;Sales;\nbo@example.com;Bo;Ray;"Sales; Support"\n'.replace(
        'Sales;\n',
        'Sales\n',
      ),
      [
        ['line', 'status', 'login', 'email', 'firstName', 'lastName', 'groups'],
        ['', 'E-mail', 'E-mail', 'Given name', 'Surname', 'Teams'],
        ['2', 'valid', 'ann@example.com', 'ann@example.com', 'Ann', 'Lee', 'Sales'],
        ['3', 'valid', 'bo@example.com', 'bo@example.com', 'Bo', 'Ray', 'Sales; Support'],
      ],
    ],
    [
      'a workbook',
      'people.xlsx',
      workbook({
        rows: sheetRows([
          ['login', 'email', 'firstName', 'lastName'],
          ['ann@example.com', 'ann@example.com', 'Ann', 'Lee'],
        ]),
      }),
      [
        ['sheet row', 'status', 'login', 'email', 'firstName', 'lastName'],
        ['2', 'valid', 'ann@example.com', 'ann@example.com', 'Ann', 'Lee'],
      ],
    ],
  ])('shows the mapped values of the first rows of %s', async (_, name, content, table) => {
    const at = workplace();
    const flags = name === 'people.csv' ? ['--mapping=map.yaml'] : [];
    at.file(
      'map.yaml',
      'profile:\n  login: E-mail\n  email: E-mail\n  firstName: Given name\n  lastName: Surname\ngroups: Teams\n',
    );

    const { exitCode, stdout } = await cli(['validate', at.file(name, content), '--preview', ...flags], {
      at,
    });

    expect(exitCode).toBe(0);
    expect(tableIn(stdout)).toEqual(table);
  });

  it('shows old → new for updates, also of those beyond the first rows, and values of invalid rows', async () => {
    const users = ['p2', 'p40'].map((name) => ({
      profile: {
        login: `${name}@example.com`,
        email: `${name}@example.com`,
        firstName: 'Old',
        lastName: 'Name',
      },
    }));
    const env = await orgWith({ seed: { users } });
    const at = workplace();
    const file = at.file(
      'people.csv',
      peopleCsv(50).replace('p3@example.com,p3@example.com', 'p3@example.com,p3'),
    );

    const { stdout } = await cli(['validate', file, '--org', '--if-exists=update', '--preview'], { at, env });

    const [header, ...rows] = tableIn(stdout);
    expect(header).toEqual(['line', 'status', 'login', 'email', 'firstName', 'lastName']);
    expect(rows.map(([line, status]) => [line, status])).toEqual([
      ['2', 'would be created'],
      ['3', 'would be updated'],
      ['4', 'invalid'],
      ['5', 'would be created'],
      ['41', 'would be updated'],
    ]);
    expect(rows[1]).toContain('Old → Given 2');
    expect(rows[1]).toContain('Name → Family');
    expect(rows[4]).toContain('Old → Given 40');
    expect(rows[2]).toContain('p3');
  });

  it('shows what is set for every row, what is cleared, and hides secrets', async () => {
    const profile = { login: 'ann@example.com', email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee' };
    const env = await orgWith({
      seed: { groups: [{ name: 'New hires' }], users: [{ profile: { ...profile, title: 'Intern' } }] },
    });
    const at = workplace();
    const csv =
      'login,email,firstName,lastName,title,password\nann@example.com,ann@example.com,Ann,Lee,,Correct-Horse-9\n';
    const flags = ['--org', '--if-exists=update', '--clear-empty', '--group=New hires', '--preview'];

    const { stdout, stderr } = await cli(['validate', at.file('people.csv', csv), ...flags], { at, env });

    const [header, row] = tableIn(stdout);
    expect(header).toEqual([
      'line',
      'status',
      'login',
      'email',
      'firstName',
      'lastName',
      'title',
      'groups',
      'password',
    ]);
    expect(row?.slice(6)).toEqual(['Intern → (empty)', 'New hires', '[redacted]']);
    expect(stdout + stderr).not.toContain('Horse');
  });

  it('skips rows that are not selected, and works as import --dry-run --preview', async () => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(9));

    const { stdout } = await cli(['import', file, '--dry-run', '--sandbox', '--only=4,8-', '--preview'], {
      at,
    });

    expect(tableIn(stdout).map(([line]) => line)).toEqual(['line', '5', '9', '10']);
    expect(await cli(['import', file, '--preview'], { at })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--preview needs --dry-run.'),
    });
  });

  it('is printed on stderr with --json, and not at all without the flag and a terminal', async () => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(2));

    const json = await cli(['validate', file, '--json', '--preview'], { at });
    const without = await cli(['validate', file], { at });

    expect(JSON.parse(json.stdout)).toMatchObject({ counts: { valid: 2 } });
    expect(tableIn(json.stderr)[1]).toContain('p1@example.com');
    expect(without.stdout).toBe('');
    expect(without.stderr).not.toContain('p1@example.com');
  });

  it('is the default at a terminal, in its width, unless --no-preview is given', async () => {
    const at = workplace();
    const file = at.file('people.csv', peopleCsv(30));
    const open = (...flags: string[]) => openTerminal(['validate', file, ...flags], { at, columns: 60 });

    const shown = open();
    await shown.exitCode;
    const hidden = open('--no-preview');
    await hidden.exitCode;

    const lines = await shown.lines();
    expect(lines).toContain('firstName  Given 1         Given 2         Given 3');
    expect(lines).toContain('login      p1@example.com  p2@example.com  p3@example.com');
    expect((await hidden.lines()).join('\n')).not.toContain('p1@example.com');
  });
});

describe('the table of a preview', () => {
  const preview: RowPreview = {
    lineLabel: 'line',
    fields: [
      { name: 'login', column: 'E-mail' },
      { name: 'title', column: 'Title' },
      { name: 'city', column: 'City' },
    ],
    rows: [
      { line: 2, status: 'valid', values: ['ann@example.com', '名前\u001b[31m', ''] },
      { line: 3, status: 'valid', values: ['bo@example.com', '', ''] },
    ],
  };

  it.each([
    [
      80,
      [
        'line  status  login            title',
        '              E-mail',
        '2     valid   ann@example.com  名前\\u001b[31m',
        '3     valid   bo@example.com',
      ],
    ],
    [
      41,
      [
        'line            2',
        'status          valid',
        'login   E-mail  ann@example.com',
        'title           名前\\u001b[31m',
      ],
    ],
    [
      20,
      [
        'line          2',
        'statu         valid',
        's',
        'login  E-mai  ann@ex',
        '       l      ample.',
        '              com',
        'title         名前\\u',
        '              001b[3',
        '              1m',
      ],
    ],
  ])('fits into %d columns', (width, lines) => {
    const text = previewText(preview, width).trimEnd().split('\n');
    expect(text[0]).toBe('Preview of 2 rows, with the values that would be sent:');
    expect(text.slice(1, -1).map((line) => line.trimEnd())).toEqual(lines);
    expect(text.at(-1)).toBe('Empty in these rows: city');
  });
});
