import type { Problem } from '../rows/problem.js';

import { splitCell } from './convert.js';
import { listIn } from './json-cells.js';
import type { Mapping } from './mapping.js';
import { readText } from './read-cell.js';
import type { RecordValue } from './record-value.js';

/** The groups of one row. */
export interface OwnGroups {
  /** Names or IDs. */
  readonly names: readonly string[];
  /** Whether they are given as a list, as an array of a record or in JSON, and not as a text to be split. */
  readonly isList: boolean;
}

export const NO_OWN_GROUPS: OwnGroups = Object.freeze({ names: Object.freeze([]), isList: false });

/** Reads the groups of a row from its own cells. */
export function readOwnGroups(
  cells: readonly string[],
  mapping: Pick<Mapping, 'groups' | 'groupSplit'>,
  problems: Problem[],
  values: readonly (RecordValue | undefined)[] | undefined,
): OwnGroups {
  const { groups } = mapping;
  if (groups === undefined) return NO_OWN_GROUPS;
  const [column = 0] = groups.columns;
  const given = values?.[column];
  if (typeof given === 'object' && groups.columns.length === 1) return listedGroups(given);
  return splitGroups(readText(groups, cells, problems), mapping);
}

/** The groups in the text of a cell. */
export function splitGroups(text: string, { groupSplit }: Pick<Mapping, 'groupSplit'>): OwnGroups {
  if (text === '') return NO_OWN_GROUPS;
  const list = text.startsWith('[') ? listIn(text) : undefined;
  if (list !== undefined) return listedGroups(list);
  return { names: withoutBullets(splitCell(text, groupSplit)), isList: false };
}

/** List marks that do not begin group names. */
const BULLET = /^(?:[-–—*+·]\s+|[•◦‣▪▫●○■□☐☑✓➢]\s*)(?=\S)/u;
const NUMBERING = /^(\d{1,2})[.)]\s+(?=\S)/;

/** Removes the marks of `- Sales`, `• Support` if all names have them, and numbers only if they count up. */
function withoutBullets(names: string[]): readonly string[] {
  const first = names[0]?.charCodeAt(0) ?? 0;
  // A shortcut, since nearly all names begin with a letter.
  if (first >= LETTER_A && first <= LAST_LETTER) return names;
  if (names.every((name) => BULLET.test(name))) return names.map((name) => name.replace(BULLET, ''));
  const isNumbered = names.every((name, index) => Number(NUMBERING.exec(name)?.[1]) === index + 1);
  return isNumbered && names.length > 1 ? names.map((name) => name.replace(NUMBERING, '')) : names;
}

const [LETTER_A, LAST_LETTER] = ['A'.charCodeAt(0), 'z'.charCodeAt(0)];

function listedGroups(list: readonly unknown[]): OwnGroups {
  const names = list.map((group) => String(group).trim()).filter((group) => group !== '');
  return { names, isList: true };
}
