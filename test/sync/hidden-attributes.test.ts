import { expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import { employee, nightly, staff } from '../helpers/nightly.js';

it('an attribute that the org hides is not an edit in Okta, and is written when the file changes it', async () => {
  const org = await nightly({ orgOptions: { hiddenAttributes: ['title'] } });
  await org.night(staff(3));

  const same = await org.night(staff(3), ['--run-id=same']);
  expect(org.sync(same)).toMatchObject({ movers: 0, keptEdits: 0 });
  expect(same.stderr).toContain('Okta hides title from these credentials');
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

it('--override-edits writes an attribute that the org hides once, past the limit of changes, and then only what the file changes', async () => {
  const org = await nightly({ orgOptions: { hiddenAttributes: ['title'] } });
  const people = staff(22);
  await org.night(people);

  const once = await org.night(people, ['--override-edits']);
  expect(once).toMatchObject({ exitCode: 0 });
  expect(org.sync(once)).toMatchObject({ movers: 22, keptEdits: 0 });
  expect(once.stderr).toContain('Okta hides title from these credentials');

  const same = await org.night(people, ['--override-edits']);
  expect(org.sync(same)).toMatchObject({ movers: 0, keptEdits: 0 });
  const plain = await org.night(people);
  expect(org.sync(plain)).toMatchObject({ movers: 0, keptEdits: 0 });

  const moved = await org.night([employee(1, { title: 'Boss' }), ...people.slice(1)], ['--override-edits']);
  expect(org.sync(moved)).toMatchObject({ movers: 1 });
  expect(org.okta.findUser('person1@example.com')?.profile['title']).toBe('Boss');
});

it.each([
  ['failed', [], { errors: { on: 'updateUser', nth: 1, then: 'okta-error', errorCode: 'E0000001' } }],
  ['was invalid', [{ firstName: 'X'.repeat(60) }], {}],
  ['was missing', undefined, {}],
] as const)(
  '--override-edits writes a hidden attribute later for a person whose row %s, and for no one else',
  async (_, changes, { errors }: { errors?: Fault }) => {
    const org = await nightly({
      orgOptions: { hiddenAttributes: ['title'] },
      faults: errors === undefined ? [] : [errors],
    });
    const people = staff(40);
    await org.night(people);
    const [first] = changes === undefined ? [] : [employee(1, changes[0])];
    const others = people.slice(1);

    const once = await org.night([...(first ? [first] : []), ...others], ['--override-edits']);
    expect(org.sync(once)).toMatchObject({ movers: 39 });

    const later = await org.night(people, ['--override-edits']);
    expect(later).toMatchObject({ exitCode: 0 });
    expect(org.sync(later)).toMatchObject({ movers: 1, keptEdits: 0 });
    const last = await org.night(people, ['--override-edits']);
    expect(org.sync(last)).toMatchObject({ movers: 0, keptEdits: 0 });
  },
);

it('--override-edits writes values back that were emptied in Okta for everyone, also a second time', async () => {
  const org = await nightly();
  await org.night(staff(3));
  for (const night of ['first', 'second']) {
    for (const { login } of staff(3)) await org.edit(login, { title: null });

    const overridden = await org.night(staff(3), ['--override-edits', `--run-id=${night}`]);

    expect(org.sync(overridden)).toMatchObject({ movers: 3 });
    expect(org.okta.users().map(({ profile }) => profile['title'])).toEqual(['Clerk', 'Clerk', 'Clerk']);
    await org.night(staff(3), ['--override-edits']);
  }
});
