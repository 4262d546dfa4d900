import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';

import * as fc from 'fast-check';
import { expect } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { UserProfile } from '../../src/sandbox/user-store.js';

import { orgSettings, type CliResult } from './cli.js';
import { killAt, type Moment } from './killed-cli.js';
import { employee, nightly, staffCsv, type Employee, type Nightly } from './nightly.js';

/** What happens before one night's run, and to it. People are numbered. */
export interface Night {
  readonly join: number;
  readonly move: readonly number[];
  readonly rename: readonly number[];
  readonly leave: readonly number[];
  readonly comeBack: readonly number[];
  /** What admins change by hand in Okta. */
  readonly edit: readonly { readonly person: number; readonly field: Field }[];
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
}

const FAULTS = {
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
type Field = (typeof FIELDS)[number];

const person = fc.nat(11);
const people = fc.array(person, { maxLength: 2 });

export const nightArbitrary: fc.Arbitrary<Night> = fc.record({
  join: fc.nat(2),
  move: people,
  rename: people,
  leave: people,
  comeBack: people,
  edit: fc.array(fc.record({ person, field: fc.constantFrom(...FIELDS) }), { maxLength: 2 }),
  hasStranger: fc.boolean(),
  suspend: fc.array(person, { maxLength: 1 }),
  unsuspend: fc.array(person, { maxLength: 1 }),
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
});

interface ModelPerson {
  inFile: Employee;
  isPresent: boolean;
  /** The person's row of the last file that had one. */
  lastRow: Employee | undefined;
  /** Undefined before the first night. */
  inOrg: (Record<Field, string> & { isSuspended: boolean }) | undefined;
  /** Suspended by a night, and not in a file since. */
  hasLeft: boolean;
}

/** The whole model: what a night makes of a person. */
function passNight(one: ModelPerson): void {
  const { inFile, isPresent, lastRow, inOrg, hasLeft } = one;
  if (isPresent) {
    const valueOf = (field: Field): string =>
      inOrg === undefined || inFile[field] !== lastRow?.[field] ? inFile[field] : inOrg[field];
    const [login, lastName, title] = [valueOf('login'), valueOf('lastName'), valueOf('title')];
    one.inOrg = { login, lastName, title, isSuspended: !hasLeft && inOrg?.isSuspended === true };
    one.lastRow = inFile;
    one.hasLeft = false;
  } else if (inOrg?.isSuspended === false && !hasLeft) {
    inOrg.isSuspended = true;
    one.hasLeft = true;
  }
}

/** How far searches and member lists of the org are behind, which is longer than a night of a test. */
export const LAG = { searchLagMs: 2000, memberLagMs: 3000, deletionLagMs: 1000 };

const FIRST_STAFF = 30;
/** So many people stay that no usual night comes near a limit of the brakes. */
const MIN_PRESENT = 26;

/** Runs nights against a sandbox and a model of what the org must look like after each. */
export async function runNights(
  nights: readonly Night[],
  {
    orgOptions = {},
    kills = false,
  }: { readonly orgOptions?: SandboxOptions['orgOptions']; readonly kills?: boolean } = {},
): Promise<void> {
  const org = await nightly({ seed: { users: STRANGERS }, orgOptions });
  const strangers = usersOf(org, isStranger);
  const model: ModelPerson[] = [];
  let version = 0;
  for (let number = 1; number <= FIRST_STAFF; number += 1) join();
  for (const night of nights) {
    version += 1;
    await change(night);
    const present = model.filter(({ isPresent }) => isPresent).map(({ inFile }) => inFile);
    const file = night.hasStranger ? [...present, STRANGER] : present;
    if (version > 1 && night.wrongFile !== undefined) await expectStop(org, file, night.wrongFile);
    for (const kind of night.faults) org.okta.addFault(FAULTS[kind]);
    const attempts = await runUntilDone(org, file, kills ? night : { ...night, kill: undefined });
    org.okta.clearFaults();
    for (const one of model) passNight(one);
    expect(usersOf(org, isStranger), 'people outside of the data set').toEqual(strangers);
    expect(membersOf(org), `the org after ${attempts.map(outputOf).join('\n')}`).toEqual(expectedMembers());
  }

  function join(): void {
    const number = model.length + 1;
    const inFile = employee(number, { title: `Clerk ${number}` });
    model.push({ inFile, isPresent: true, lastRow: undefined, inOrg: undefined, hasLeft: false });
  }

  async function change(night: Night): Promise<void> {
    for (let joiner = 0; joiner < night.join; joiner += 1) join();
    for (const index of night.move) editRow(index, { title: `Title ${version}-${index}` });
    for (const index of night.rename) {
      editRow(index, {
        login: `renamed${version}-${index}@example.com`,
        lastName: `Name${version}-${index}`,
      });
    }
    const present = model.filter(({ isPresent }) => isPresent).length;
    if (present >= MIN_PRESENT + 2) for (const index of night.leave) model[index]!.isPresent = false;
    for (const index of night.comeBack) model[index]!.isPresent = true;
    for (const { person: index, field } of night.edit) {
      const user = model[index]!.inOrg;
      if (user === undefined) continue;
      const value = `edited${version}-${index}${field === 'login' ? '@example.com' : ''}`;
      await org.edit(user.login, { [field]: value });
      user[field] = value;
    }
    for (const index of night.suspend) await setSuspended(index, true);
    for (const index of night.unsuspend) await setSuspended(index, false);
  }

  async function setSuspended(index: number, isSuspended: boolean): Promise<void> {
    const user = model[index]!.inOrg;
    if (user === undefined || user.isSuspended === isSuspended) return;
    const id = org.okta.findUser(user.login)?.id;
    const response = await org.call(
      'POST',
      `/users/${id}/lifecycle/${isSuspended ? 'suspend' : 'unsuspend'}`,
    );
    expect(response.ok).toBe(true);
    user.isSuspended = isSuspended;
  }

  function editRow(index: number, changes: Partial<Employee>): void {
    const one = model[index]!;
    one.inFile = { ...one.inFile, ...changes };
  }

  function expectedMembers(): string[] {
    return model
      .flatMap(({ inFile: { employeeNumber }, inOrg }) =>
        inOrg === undefined ? [] : [line({ employeeNumber, ...inOrg })],
      )
      .toSorted();
  }
}

/** A night with a wrong file is stopped, and leaves the org and the data set as they are. */
async function expectStop(
  org: Nightly,
  file: readonly Employee[],
  how: NonNullable<Night['wrongFile']>,
): Promise<void> {
  const state = joinPath(org.at.folder, 'reports', 'datasets', 'staff.ndjson');
  const everything = (): unknown => [usersOf(org, () => true), readFileSync(state, 'utf8')];
  const before = everything();
  const wrong =
    how === 'half'
      ? file.slice(0, Math.floor(file.length / 2))
      : file.map((one, index) => ({ ...one, title: file.at(index - 1)!.title }));

  const stopped = await org.night(wrong, ARGS);

  expect(stopped, `the file is ${how}`).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain(how === 'half' ? '--accept leavers,size' : 'title would change for');
  expect(everything(), `the file is ${how}`).toEqual(before);
}

const ARGS = ['--leavers=suspend'];

/** Runs the night, and then what an admin or the next night does, until nothing is open. */
async function runUntilDone(
  org: Nightly,
  file: readonly Employee[],
  { interruptAfterMs, kill }: Pick<Night, 'interruptAfterMs' | 'kill'>,
): Promise<readonly CliResult[]> {
  const attempts: CliResult[] = [];
  if (kill !== undefined) {
    const people = org.at.file('people.csv', staffCsv(file));
    const args = ['sync', people, '--dataset=staff', '--match=employeeNumber', ...ARGS];
    await killAt(kill, args, { at: org.at, env: orgSettings(org.okta) });
  }
  const interrupt =
    interruptAfterMs === undefined
      ? undefined
      : new Promise<'SIGINT'>((resolve) => setTimeout(() => resolve('SIGINT'), interruptAfterMs));
  // Every other night the killed run is resumed; otherwise the next night comes.
  const resumesFirst = kill !== undefined && kill.nth % 2 === 0;
  let result = resumesFirst
    ? await org.run(['resume', 'last', '--json'])
    : await org.night(file, ARGS, interrupt && { interrupt });
  attempts.push(result);
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    // A resumed run can be that of an earlier night, if the process was killed before it had one.
    if (result.exitCode === 0 && !(resumesFirst && attempts.length === 1)) return attempts;
    const runId = runIdOf(result);
    result =
      attempt % 2 === 1 && runId !== undefined && result.exitCode !== 0
        ? await org.run(['resume', runId, '--json'])
        : await org.night(file, ARGS);
    attempts.push(result);
  }
  expect(result, 'the night in the end').toMatchObject({ exitCode: 0 });
  return attempts;
}

function runIdOf({ stdout, exitCode }: CliResult): string | undefined {
  if (stdout === '' || exitCode === 1) return undefined;
  return (JSON.parse(stdout) as { runId: string }).runId;
}

function outputOf({ exitCode, stderr }: CliResult): string {
  return `${stderr}[exit code ${exitCode}]`;
}

const STRANGER: Employee = {
  login: 'vera@example.com',
  firstName: 'vera',
  lastName: 'Stranger',
  employeeNumber: '5000',
  title: '',
};

const STRANGERS = ['vera', 'otto', 'ines'].map((name, index) => ({
  profile: {
    login: `${name}@example.com`,
    email: `${name}@example.com`,
    firstName: name,
    lastName: 'Stranger',
    ...(index === 0 && { employeeNumber: '5000' }),
  },
}));

function isStranger({ lastName }: Readonly<UserProfile>): boolean {
  return lastName === 'Stranger';
}

function usersOf({ okta }: Nightly, isWanted: (profile: Readonly<UserProfile>) => boolean): string[] {
  return okta
    .users()
    .filter(({ profile }) => isWanted(profile))
    .map((user) => JSON.stringify(user))
    .toSorted();
}

function membersOf({ okta }: Nightly): string[] {
  return okta
    .users()
    .filter(({ profile }) => !isStranger(profile))
    .map(({ status, profile }) =>
      line({
        employeeNumber: String(profile['employeeNumber']),
        login: profile.login,
        lastName: String(profile['lastName']),
        title: String(profile['title']),
        isSuspended: status === 'SUSPENDED',
      }),
    )
    .toSorted();
}

function line(
  user: Readonly<Record<'employeeNumber' | Field, string>> & { readonly isSuspended: boolean },
): string {
  const { employeeNumber, login, lastName, title, isSuspended } = user;
  return JSON.stringify([employeeNumber, login, lastName, title, isSuspended ? 'SUSPENDED' : 'ACTIVE']);
}
