import { describe, expect, it } from 'vitest';

import { splitGroups } from '../../src/mapping/read-groups.js';

const namesOf = (text: string): readonly string[] => splitGroups(text, { groupSplit: /[;\r\n]/ }).names;

describe('list marks in a cell are not part of the group names', () => {
  it.each([
    ['- Sales\n- Support', ['Sales', 'Support']],
    ['• Sales\r\n• Support', ['Sales', 'Support']],
    ['•Sales', ['Sales']],
    ['* Sales; * Support', ['Sales', 'Support']],
    ['– Sales', ['Sales']],
    ['☐ Sales\n☑ Support', ['Sales', 'Support']],
    ['1. Sales\n2. Support', ['Sales', 'Support']],
    ['1) Sales; 2) Support; 3) Legal', ['Sales', 'Support', 'Legal']],
  ])('%j is %j', (text, names) => {
    expect(namesOf(text)).toEqual(names);
  });
});

describe('a name that only resembles such a mark stays as it is', () => {
  it.each([
    ['- Sales\nSupport', ['- Sales', 'Support']],
    ['-Sales', ['-Sales']],
    ['*all*', ['*all*']],
    ['1. FC Example', ['1. FC Example']],
    ['1. Line; 1. Shift', ['1. Line', '1. Shift']],
    ['2. Shift; 3. Shift', ['2. Shift', '3. Shift']],
    ['3D-Team; 3D-Lab', ['3D-Team', '3D-Lab']],
    ['•', ['•']],
  ])('%j is %j', (text, names) => {
    expect(namesOf(text)).toEqual(names);
  });
});
