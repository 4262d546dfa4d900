import { expect, it } from 'vitest';

import { sheetRows, workbook } from '../../csv/build-workbook.js';
import { nightly, type Nightly } from '../../helpers/nightly.js';

function person(name: string): string[] {
  return [`${name}@example.com`, `${name}@example.com`, name, 'Osei'];
}

/** A workbook in which the row of `bo` is hidden or not. */
function night(
  org: Nightly,
  isHidden: boolean,
  typed?: string,
  ...args: string[]
): ReturnType<Nightly['run']> {
  const rows = sheetRows([
    ['login', 'email', 'firstName', 'lastName'],
    person('ada'),
    isHidden ? { cells: person('bo'), attributes: 'hidden="1"' } : person('bo'),
  ]);
  const file = org.at.file('people.xlsx', workbook({ rows }));
  return org.run(['sync', file, '--dataset=staff', ...args], typed === undefined ? {} : { typed });
}

it('a workbook with hidden rows is refused unless an option or an answer says what to do with them', async () => {
  const org = await nightly();

  const refused = await night(org, true);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('1 of 2 rows is hidden in the workbook');
  expect(org.okta.users()).toEqual([]);

  expect(await night(org, true, 'skip\n')).toMatchObject({ exitCode: 0 });
  expect(org.okta.users().map(({ profile }) => profile.login)).toEqual(['ada@example.com']);

  expect(await night(org, true, undefined, '--hidden-rows=include')).toMatchObject({ exitCode: 0 });
  expect(org.okta.users()).toHaveLength(2);
});

it('a member whose row is hidden and left out is no leaver', async () => {
  const org = await nightly();
  await night(org, false);

  const skipped = await night(org, true, undefined, '--hidden-rows=skip', '--leavers=suspend', '--json');

  expect(skipped).toMatchObject({ exitCode: 0 });
  expect(org.sync(skipped)).toMatchObject({ leavers: 0 });
  expect(org.okta.users().filter(({ status }) => status === 'SUSPENDED')).toEqual([]);
});
