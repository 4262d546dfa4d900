import { describe, expect, it } from 'vitest';

import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { groupsLine, listNotationOf } from '../../src/rows/group-list.js';
import { offlineMappingOf, row } from '../mapping/build.js';
import { toUserRequest } from '../../src/mapping/user-request.js';

/** Cells with several groups, and the groups. */
const LISTS: readonly (readonly [cell: string, groups: readonly string[]])[] = [
  ['Engineering, Support', ['Engineering', 'Support']],
  ['Engineering,Support,Berlin office', ['Engineering', 'Support', 'Berlin office']],
  ['Sales|Support', ['Sales', 'Support']],
  ['Sales | Support, Berlin', ['Sales', 'Support', 'Berlin']],
  ['営業、サポート', ['営業', 'サポート']],
  [String.raw`Sales\nSupport`, ['Sales', 'Support']],
  ['Sales<br>Support', ['Sales', 'Support']],
  ["['Engineering','Support']", ['Engineering', 'Support']],
  ["['Engineering']", ['Engineering']],
  ['{Engineering,Support}', ['Engineering', 'Support']],
  ['{"Engineering","Berlin office"}', ['Engineering', 'Berlin office']],
  ['(Engineering, Support)', ['Engineering', 'Support']],
  ['CN=Engineering,OU=Groups,DC=example,DC=com', ['Engineering']],
  ['CN=Engineering,OU=Groups,DC=example;CN=Support,OU=Groups,DC=example', ['Engineering', 'Support']],
];

describe('a cell with several groups', () => {
  it.each(LISTS)('%s is not taken for one group', (cell) => {
    const { groups } = toUserRequest(row(['mira@example.com', cell]), offlineMappingOf(['login', 'groups']));

    expect(groups.every((group) => listNotationOf(group) !== undefined)).toBe(true);
  });

  it.each(LISTS)('%s is split by the line of a mapping file that is suggested for it', (cell, expected) => {
    const header = ['login', 'The groups'];
    const [name = ''] = cell.split(';');
    const line = groupsLine(['The groups'], listNotationOf(name)!);
    const mappingFile = parseMappingFile(`profile: { login: login }\n${line}\n`, 'people.yaml');

    const { groups } = toUserRequest(
      row(['mira@example.com', cell]),
      offlineMappingOf(header, { mappingFile }),
    );

    expect(groups).toEqual(expected);
  });

  it.each([
    'Engineering',
    'R&D',
    'Sales / Support',
    'Berlin (office)',
    'A-B',
    'Team "Blue"',
    "Women's network",
    'C#',
  ])('does not contain %s, a name like any other', (name) => {
    expect(listNotationOf(name)).toBeUndefined();
  });

  it('in several columns is split by one line', () => {
    const line = groupsLine(['Group 1', 'Group 2'], { kind: 'separated', separators: [',', '|'] });

    expect(line).toBe(`groups: { columns: ["Group 1", "Group 2"], split: [',', '|'] }`);
  });
});
