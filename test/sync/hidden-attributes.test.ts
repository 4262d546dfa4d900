import { expect, it } from 'vitest';

import { employee, nightly, staff } from '../helpers/nightly.js';

it('an attribute that the org hides is not an edit in Okta, and is written when the file changes it', async () => {
  const org = await nightly({ orgOptions: { hiddenAttributes: ['title'] } });
  await org.night(staff(3));

  const same = await org.night(staff(3), ['--run-id=same']);
  expect(org.sync(same)).toMatchObject({ movers: 0, keptEdits: 0 });
  expect(same.stderr).toContain('Okta returns no values of title to these credentials');
  expect(org.at.run('same').results.map(({ message }) => message)).toEqual(['', '', '']);

  const moved = await org.night([employee(1, { title: 'Boss' }), ...staff(3).slice(1)]);
  expect(org.sync(moved)).toMatchObject({ movers: 1, keptEdits: 0 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Boss');
});

it.each([
  ['of one of several users', staff(3)],
  ['of the only user who had one', [employee(1), employee(2, { title: '' }), employee(3, { title: '' })]],
])('a value %s that was emptied in Okta is an edit', async (_, people) => {
  const org = await nightly();
  await org.night(people);
  await org.edit('person1@example.com', { title: null });

  const night = await org.night(people, ['--dry-run']);

  expect(org.sync(night)).toMatchObject({ movers: 0, keptEdits: 1 });
  expect(night.stderr).toContain('person1@example.com');
});
