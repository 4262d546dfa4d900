import * as fc from 'fast-check';

import type { Fault } from '../../src/sandbox/faults.js';

import type { Moment } from './killed-cli.js';
import { employee, type Employee } from './nightly.js';

/** What happens before one night's run, and to it. People are numbered. */
export interface Night {
  /** Who joins: at once, later, or with a last day in the past. */
  readonly join: readonly ('now' | 'later' | 'over')[];
  /** Whether the first day of everyone who starts later has come. */
  readonly begin: boolean;
  /** Whose last day passes, and whose contract is extended again. */
  readonly end: readonly number[];
  readonly extend: readonly number[];
  readonly move: readonly number[];
  readonly regroup: readonly { readonly person: number; readonly group: Group }[];
  readonly rename: readonly number[];
  /** Who gets another manager. */
  readonly manage: readonly { readonly person: number; readonly manager: number }[];
  /** One person gets the login of another, who gets a new one. */
  readonly handOn: { readonly giver: number; readonly taker: number } | undefined;
  readonly leave: readonly number[];
  readonly comeBack: readonly number[];
  /** What admins change by hand in Okta. */
  readonly edit: readonly { readonly person: number; readonly field: Field }[];
  readonly regroupByHand: readonly { readonly person: number; readonly group: Group }[];
  /** Whether the file has somebody who was in Okta before, as that user is, and who is no leaver when it has not. */
  readonly hasStranger: boolean;
  readonly suspend: readonly number[];
  readonly unsuspend: readonly number[];
  /** Runs with a wrong file first: cut off in the middle, or with one column that was sorted alone. */
  readonly wrongFile: 'half' | 'sorted' | undefined;
  readonly faults: readonly FaultKind[];
  /** Interrupts the first attempt that many milliseconds after its start; undefined: not. */
  readonly interruptAfterMs: number | undefined;
  /** Kills a process before that; undefined: not. Only in models with kills. */
  readonly kill: Moment | undefined;
  /** Whether the second data set, which shares some people, has a run afterwards, and who leaves its file and comes back. */
  readonly board: { readonly leave: readonly number[]; readonly comeBack: readonly number[] } | undefined;
}

export const FAULTS = {
  'no-answer': { on: 'write', then: 'reset-after-commit', every: 3, times: 4 },
  'gateway-page': { on: 'write', then: '502-after-commit', every: 4, times: 3 },
  'error-page': { on: 'write', then: 'status-500', every: 3, times: 3 },
  'slow-down': { on: 'any', then: '429-reset-in-past', every: 5, times: 3 },
  reset: { on: 'write', then: 'reset-before-commit', every: 2, times: 4 },
  'sent-twice': { on: 'write', then: 'sent-twice', every: 2, times: 4 },
  'cut-off': { on: 'write', then: 'truncated-body', every: 2, times: 4 },
} as const satisfies Readonly<Record<string, Fault>>;

type FaultKind = keyof typeof FAULTS;

const FIELDS = ['login', 'lastName', 'title'] as const;
export type Field = (typeof FIELDS)[number];

/** Of the groups that the staff data set manages; empty for none. */
export const GROUPS = ['Dept A', 'Dept B', ''] as const;
export type Group = (typeof GROUPS)[number];

/** The first people are in the second data set as well. Nobody suspends them by hand, and they have no dates. */
export const SHARED = 3;
export const FIRST_STAFF = 30;
/** From this person on, each has the one before as a manager, who may be created in the same night. */
export const FIRST_MANAGER = 12;

const person = fc.nat(11);
const people = fc.array(person, { maxLength: 2 });
const staffOnly = fc.integer({ min: SHARED, max: 11 });
const shared = fc.array(fc.nat(SHARED - 1), { maxLength: 1 });
const regroup = fc.array(fc.record({ person, group: fc.constantFrom(...GROUPS) }), { maxLength: 2 });

/** Nothing else happens to them. */
const manager = fc.integer({ min: FIRST_MANAGER, max: FIRST_MANAGER + 3 });

export const nightArbitrary: fc.Arbitrary<Night> = fc.record({
  join: fc.array(fc.constantFrom('now', 'later', 'over'), { maxLength: 2 }),
  begin: fc.boolean(),
  end: fc.array(staffOnly, { maxLength: 1 }),
  extend: fc.array(staffOnly, { maxLength: 1 }),
  move: people,
  regroup,
  rename: people,
  manage: fc.array(fc.record({ person, manager }), { maxLength: 1 }),
  handOn: fc.option(fc.record({ giver: person, taker: person }), { nil: undefined }),
  leave: people,
  comeBack: people,
  edit: fc.array(fc.record({ person, field: fc.constantFrom(...FIELDS) }), { maxLength: 2 }),
  regroupByHand: regroup,
  hasStranger: fc.boolean(),
  suspend: fc.array(staffOnly, { maxLength: 1 }),
  unsuspend: fc.array(staffOnly, { maxLength: 1 }),
  wrongFile: fc.option(fc.constantFrom('half', 'sorted'), { nil: undefined, freq: 2 }),
  faults: fc.uniqueArray(fc.constantFrom(...(Object.keys(FAULTS) as FaultKind[])), { maxLength: 2 }),
  interruptAfterMs: fc.option(fc.nat(60), { nil: undefined, freq: 4 }),
  kill: fc.option(
    fc.record({
      is: fc.constantFrom('before', 'after'),
      step: fc.constantFrom('journal', 'state', 'request'),
      nth: fc.integer({ min: 1, max: 6 }),
    }),
    { nil: undefined, freq: 1 },
  ),
  board: fc.option(fc.record({ leave: shared, comeBack: shared }), { nil: undefined, freq: 1 }),
});

/** A person's row, without what never changes. */
export interface Row extends Employee {
  readonly start: 'later' | '';
  readonly end: 'past' | '';
  readonly group: Group;
  /** Index of the manager in the model. */
  readonly manager: number | undefined;
}

export interface ModelPerson {
  inFile: Row;
  readonly staff: InDataset;
  /** Undefined for people who are not shared. */
  readonly board: InDataset | undefined;
  /** Undefined before the user is created. */
  inOrg:
    | (Record<Field, string> & {
        status: 'STAGED' | 'ACTIVE' | 'SUSPENDED';
        group: Group;
        manager: number | undefined;
      })
    | undefined;
}

/** The state of a person in one data set. */
interface InDataset {
  isPresent: boolean;
  /** Whether its last file had the person. */
  wasPresent: boolean;
  /** The person's row of the last file that had one. */
  lastRow: Row | undefined;
  /** Suspended by a run of this data set, and not unsuspended since. */
  hasLeft: boolean;
}

export function joiner(
  number: number,
  when: 'now' | 'later' | 'over',
  manager: number | undefined,
): ModelPerson {
  const start = when === 'later' ? 'later' : '';
  const end = when === 'over' ? 'past' : '';
  return {
    inFile: { ...employee(number, { title: `Clerk ${number}` }), start, end, group: '', manager },
    staff: newInFile(),
    board: number <= SHARED ? newInFile() : undefined,
    inOrg: undefined,
  };
}

function newInFile(): InDataset {
  return { isPresent: true, wasPresent: false, lastRow: undefined, hasLeft: false };
}

/** The model: what a run of one data set does to a person, who may be in another one. */
export function passNight(one: ModelPerson, mine: InDataset, other: InDataset | undefined): void {
  const { inFile, inOrg } = one;
  if (mine.isPresent) passPresent(one, mine, other);
  else if (inOrg?.status === 'ACTIVE' && mine.lastRow !== undefined && !mine.hasLeft) {
    if (other?.wasPresent !== true || other.hasLeft) {
      inOrg.status = 'SUSPENDED';
      mine.hasLeft = true;
    }
  }
  mine.wasPresent = mine.isPresent;
  if (mine.isPresent && one.inOrg !== undefined) mine.lastRow = inFile;
}

function passPresent(one: ModelPerson, mine: InDataset, other: InDataset | undefined): void {
  const { inFile, inOrg } = one;
  const { end, start, group, manager } = inFile;
  const valueOf = (field: Field): string =>
    inOrg === undefined || inFile[field] !== mine.lastRow?.[field] ? inFile[field] : inOrg[field];
  const [login, lastName, title] = [valueOf('login'), valueOf('lastName'), valueOf('title')];
  if (inOrg === undefined) {
    const status = start === 'later' ? 'STAGED' : 'ACTIVE';
    if (end === '') one.inOrg = { login, lastName, title, status, group, manager };
    return;
  }
  // Only the first data set has groups and managers.
  const isManaged = mine === one.staff;
  Object.assign(inOrg, { login, lastName, title, ...(isManaged && { group, manager }) });
  if (end === 'past') {
    if (inOrg.status === 'ACTIVE') {
      inOrg.status = 'SUSPENDED';
      mine.hasLeft = true;
    }
    return;
  }
  const isBack = inOrg.status === 'SUSPENDED' && (mine.hasLeft || other?.hasLeft === true);
  if (isBack || (inOrg.status === 'STAGED' && start === '')) inOrg.status = 'ACTIVE';
  mine.hasLeft = false;
}
