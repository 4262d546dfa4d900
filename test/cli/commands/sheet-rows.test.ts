import { describe, expect, it } from 'vitest';

import { textRows, workbook } from '../../csv/build-workbook.js';
import { oktaError } from '../../helpers/intercepted-org.js';
import { scene } from '../../helpers/scene.js';

/** `line 4`, `Lines 4 and 5`: what nobody finds in a workbook. */
const LINE_NUMBER = /\blines? \d/i;

const HEADER = ['login', 'email', 'firstName', 'lastName', 'groups', 'employeeNumber'];

function person(login: string, { groups = '', employeeNumber = '', lastName = 'Okafor' } = {}): string[] {
  return [`${login}@example.com`, `${login}@example.com`, 'Amara', lastName, groups, employeeNumber];
}

/** A sheet with a title in row 1 and the header in row 3: the first person is in row 4. */
function sheet(...people: readonly (readonly string[])[]): Uint8Array {
  return workbook({ rows: textRows([['Staff of the year'], [], HEADER, ...people]) });
}

const SEED = { groups: [{ name: 'Sales' }, { name: 'Support' }] };

describe('messages about a workbook name the rows of its sheet', () => {
  it('when rows repeat a login, a number has lost zeros, a character is lost, and rows are empty', async () => {
    const { at, run } = await scene();
    const file = at.file(
      'people.xlsx',
      sheet(
        person('amara', { employeeNumber: '000103' }),
        [' ', ' '],
        person('amara', { employeeNumber: '102', lastName: 'Osei' }),
        person('noor', { lastName: 'Hadd\uFFFDd' }),
        ['ines@example.com', 'amara@example.com', 'Ines', 'Prado', '', '000104'],
      ),
    );

    const { stderr } = await run('validate', file, '--run-id=it');

    const messages = at.run('it').results.map(({ message }) => message);
    expect(messages[1]).toMatch(/Sheet row 6 has the same login as sheet row 4, "amara@example\.com"/);
    expect(messages[2]).toMatch(/Sheet row 7 contains "\uFFFD"/);
    expect(stderr).toContain('header found in sheet row 3; 2 rows above it were skipped');
    expect(stderr).toContain('1 row without a value (sheet row 5) was ignored.');
    expect(stderr).toContain('"102" has fewer digits than "000103" in sheet row 4');
    expect(stderr).toContain('is the same as in sheet row 4.');
    expect(`${messages.join('\n')}${stderr}`).not.toMatch(LINE_NUMBER);
  });

  it('when rows of one user are merged, or fail together', async () => {
    const { at, run } = await scene({ seed: SEED });
    const file = at.file(
      'people.xlsx',
      sheet(
        person('amara', { groups: 'Sales' }),
        person('noor', { groups: 'Sales' }),
        person('amara', { groups: 'Support' }),
        person('noor', { groups: 'Suport' }),
      ),
    );

    await run('import', file, '--run-id=it');

    const [, leader, merged, follower] = at.run('it').results.map(({ message }) => message);
    expect(leader).toContain('Row 4 (sheet row 7) of the same user: The org has no group "Suport".');
    expect(merged).toBe('Merged into row 1 (sheet row 4) of the same user.');
    expect(follower).toContain('"Suport"');
  });

  it('when a check without the org finds that another row of the same user is invalid', async () => {
    const { at, run } = await scene({ seed: SEED });
    const [wrong, other] = ['Everyone', 'Support'].map((groups) => person('amara', { groups }));
    const file = at.file('people.xlsx', sheet(person('noor'), wrong!, other!));

    await run('validate', file, '--run-id=it');

    const results = at.run('it').results.map(({ status, message }) => [status, message]);
    expect(results).toEqual([
      ['valid', ''],
      ['invalid', expect.stringContaining('Everyone')],
      ['invalid', expect.stringContaining('Row 2 (sheet row 5) of the same user is invalid')],
    ]);
  });

  it('when --canary stops the run, and when the org refuses a row', async () => {
    const { at, run } = await scene({
      intercept: ({ method, path, body }) =>
        method === 'POST' && path === '/api/v1/users' && body?.profile?.['firstName'] === 'Amara'
          ? oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')
          : undefined,
    });
    const invalid = ['broken', '', 'Amara', 'Okafor', '', ''];
    const other = person('noor').with(2, 'Noor');
    const file = at.file('people.xlsx', sheet(invalid, other));

    const { stderr } = await run('import', file, '--canary=1', '--run-id=canary');
    await run('import', at.file('more.xlsx', sheet(other, person('ines'))), '--run-id=refused');

    expect(stderr).toContain('row 1 (sheet row 4), one of the first 1, is invalid (--canary)');
    expect(at.run('refused').results[1]?.message).toContain('Not permitted for row 2 (sheet row 5)');
  });

  it('when verify and undo read the journal of the run', async () => {
    let refusedId: string | undefined;
    const { okta, at, run } = await scene({
      intercept: ({ method, path }) =>
        refusedId !== undefined && method !== 'GET' && path.includes(refusedId)
          ? oktaError(403, 'E0000006', 'You do not have permission to perform the requested action')
          : undefined,
    });
    const file = at.file('people.xlsx', sheet(person('amara'), person('noor'), person('ines')));
    await run('import', file, '--run-id=it');
    const changed = [
      [...HEADER, 'title'],
      [...person('noor'), 'Lead'],
    ].map((cells) => cells.join(','));
    await run('import', at.file('more.csv', changed.join('\n')), '--if-exists=update');

    const verified = await run('verify', 'it');
    refusedId = okta.findUser('ines@example.com')?.id;
    const undone = await run('undo', 'it', '--yes');

    expect(verified.stdout).toContain('row 2 (sheet row 5) noor@example.com');
    expect(undone.stderr).toContain('Not permitted for row 3 (sheet row 6)');
    expect(`${verified.stdout}${undone.stderr}`).not.toMatch(LINE_NUMBER);
  });

  it('when people in sync have the same key', async () => {
    const { at, run } = await scene();
    const [one, other] = ['amara', 'noor'].map((login) => person(login, { employeeNumber: '000103' }));

    const file = at.file('people.xlsx', sheet(one!, other!));
    const { stderr } = await run('sync', file, '--dataset=staff', '--match=employeeNumber', '--yes');

    expect(stderr).toContain('the first is in sheet row 4.');
    expect(stderr).not.toMatch(LINE_NUMBER);
  });

  it.each([
    [
      'two columns have the same name',
      [['login', 'Login'], ['amara@example.com']],
      'The header in sheet row 3',
    ],
    [
      'a column without a name has a value',
      [HEADER.with(2, ''), person('amara')],
      'column 3 has no name, but a value in sheet row 4',
    ],
  ])('when %s', async (_, rows, expected) => {
    const { at, run } = await scene();
    const file = at.file('people.xlsx', workbook({ rows: textRows([['Staff'], [], ...rows]) }));

    const { stderr } = await run('validate', file, '--header-row=3');

    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(LINE_NUMBER);
  });
});
