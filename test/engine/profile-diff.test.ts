import { expect, it } from 'vitest';

import { profileChanges } from '../../src/engine/profile-diff.js';

it.each([
  ['another text', { title: 'a' }, { title: 'b' }, [{ attribute: 'title', from: 'a', to: 'b' }]],
  ['a number that is a text', { badge: '7' }, { badge: 7 }, [{ attribute: 'badge', from: '7', to: 7 }]],
  ['a first value', {}, { title: 'b' }, [{ attribute: 'title', from: null, to: 'b' }]],
  [
    'other parts',
    { skills: ['a'] },
    { skills: ['a', 'b'] },
    [{ attribute: 'skills', from: ['a'], to: ['a', 'b'] }],
  ],
  [
    'another order',
    { skills: ['a', 'b'] },
    { skills: ['b', 'a'] },
    [{ attribute: 'skills', from: ['a', 'b'], to: ['b', 'a'] }],
  ],
  ['the same', { title: 'a', skills: ['a'] }, { title: 'a', skills: ['a'] }, []],
  ['a login in another spelling', { login: 'A@example.com' }, { login: 'a@example.com' }, []],
  ['what the row says nothing of', { title: 'a' }, {}, []],
])('finds %s', (_, actual, wanted, changes) => {
  expect(profileChanges(actual, wanted)).toEqual(changes);
});

it.each([[null], [''], [[]]])('does not empty the value %j', (value) => {
  expect(profileChanges({ title: value }, {}, ['title', 'absent'])).toEqual([]);
});

it('finds what has to be emptied', () => {
  expect(
    profileChanges({ title: 'a', skills: ['a'], remote: false }, {}, ['title', 'skills', 'remote']),
  ).toEqual([
    { attribute: 'title', from: 'a', to: null },
    { attribute: 'skills', from: ['a'], to: null },
    { attribute: 'remote', from: false, to: null },
  ]);
});
