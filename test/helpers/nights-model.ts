import * as fc from 'fast-check';
import { expect } from 'vitest';

import type { Fault } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { UserProfile } from '../../src/sandbox/user-store.js';

import type { CliResult } from './cli.js';
import { employee, nightly, type Employee, type Nightly } from './nightly.js';

/** What happens before one night's run, and to it. People are numbered. */
export interface Night {
  readonly join: number;
  readonly move: readonly number[];
  readonly rename: readonly number[];
  readonly leave: readonly number[];
  readonly comeBack: readonly number[];
  /** Admins edit these titles in Okta. */
  readonly edit: readonly number[];
  /** The file is cut off in the middle first. */
  readonly isTruncatedFirst: boolean;
  readonly faults: readonly FaultKind[];
  /** Interrupts the first attempt that many milliseconds after its start; undefined: not. */
  readonly interruptAfterMs: number | undefined;
}

const FAULTS = {
  'no-answer': { on: 'write', then: 'reset-after-commit', every: 3, times: 4 },
  'gateway-page': { on: 'write', then: '502-after-commit', every: 4, times: 3 },
  'error-page': { on: 'write', then: 'status-500', every: 3, times: 3 },
  'slow-down': { on: 'any', then: '429-reset-in-past', every: 5, times: 3 },
  reset: { on: 'write', then: 'reset-before-commit', every: 2, times: 4 },
} as const satisfies Readonly<Record<string, Fault>>;

type FaultKind = keyof typeof FAULTS;

const numbers = fc.array(fc.nat(11), { maxLength: 2 });

export const nightArbitrary: fc.Arbitrary<Night> = fc.record({
  join: fc.nat(2),
  move: numbers,
  rename: numbers,
  leave: numbers,
  comeBack: numbers,
  edit: numbers,
  isTruncatedFirst: fc.boolean(),
  faults: fc.uniqueArray(fc.constantFrom(...(Object.keys(FAULTS) as FaultKind[])), { maxLength: 2 }),
  interruptAfterMs: fc.option(fc.nat(60), { nil: undefined, freq: 4 }),
});

interface ModelPerson {
  inFile: Employee;
  isPresent: boolean;
  /** In the org; undefined before the first night. */
  inOrg: { login: string; lastName: string; title: string; isSuspended: boolean } | undefined;
  /** The title of the last file. */
  lastTitle: string | undefined;
}

/** How far searches and member lists of the org are behind, which is longer than a night of a test. */
export const LAG = { searchLagMs: 2000, memberLagMs: 3000, deletionLagMs: 1000 };

/** Runs nights against a sandbox and a model of what the org must look like after each. */
export async function runNights(
  nights: readonly Night[],
  orgOptions: SandboxOptions['orgOptions'] = {},
): Promise<void> {
  const org = await nightly({ seed: { users: STRANGERS }, orgOptions });
  const strangers = usersOf(org, isStranger);
  const people: ModelPerson[] = [];
  let version = 0;
  for (let number = 1; number <= 12; number += 1) join();
  for (const night of nights) {
    version += 1;
    await change(night);
    const file = people.filter(({ isPresent }) => isPresent).map(({ inFile }) => inFile);
    if (night.isTruncatedFirst && people.some(({ inOrg }) => inOrg !== undefined)) {
      const before = usersOf(org, () => true);
      const cut = await org.night(file.slice(0, Math.floor(file.length / 2)), ARGS);
      expect(cut, 'a truncated file').toMatchObject({ exitCode: 3 });
      expect(
        usersOf(org, () => true),
        'a truncated file',
      ).toEqual(before);
    }
    for (const kind of night.faults) org.okta.addFault(FAULTS[kind]);
    await runUntilDone(org, file, night.interruptAfterMs);
    org.okta.clearFaults();
    expectAfter();
    expect(usersOf(org, isStranger), 'people outside of the data set').toEqual(strangers);
    expect(members(org), 'the org').toEqual(expected());
  }

  function join(): void {
    const inFile = employee(people.length + 1);
    people.push({ inFile, isPresent: true, inOrg: undefined, lastTitle: undefined });
  }

  async function change(night: Night): Promise<void> {
    for (let joiner = 0; joiner < night.join; joiner += 1) join();
    for (const index of night.move) edit(index, { title: `Title ${version}-${index}` });
    for (const index of night.rename) {
      edit(index, { login: `renamed${version}-${index}@example.com`, lastName: `Name${version}-${index}` });
    }
    const present = people.filter(({ isPresent }) => isPresent).length;
    for (const index of night.leave.slice(0, present > 8 ? 2 : 0)) people[index]!.isPresent = false;
    for (const index of night.comeBack) people[index]!.isPresent = true;
    for (const index of night.edit) {
      const user = people[index]!.inOrg;
      if (user === undefined || user.isSuspended) continue;
      user.title = `Edited ${version}-${index}`;
      await org.edit(user.login, { title: user.title });
    }
  }

  function edit(index: number, changes: Partial<Employee>): void {
    const person = people[index]!;
    person.inFile = { ...person.inFile, ...changes };
  }

  function expectAfter(): void {
    for (const person of people) {
      const { inFile, inOrg } = person;
      if (!person.isPresent) {
        if (inOrg !== undefined) inOrg.isSuspended = true;
        continue;
      }
      const { login, lastName } = inFile;
      const title = inOrg === undefined || inFile.title !== person.lastTitle ? inFile.title : inOrg.title;
      person.inOrg = { login, lastName, title, isSuspended: false };
      person.lastTitle = inFile.title;
    }
  }

  function expected(): string[] {
    return people
      .flatMap(({ inFile, inOrg }) =>
        inOrg === undefined
          ? []
          : [
              line({
                number: inFile.employeeNumber,
                login: inOrg.login,
                lastName: inOrg.lastName,
                title: inOrg.title,
                status: inOrg.isSuspended ? 'SUSPENDED' : 'ACTIVE',
              }),
            ],
      )
      .toSorted();
  }
}

const ARGS = ['--leavers=suspend'];
/** The nights of the model change much of a small org. */
const MANY_CHANGES = ['--max-changes=1000', '--max-leavers=1000'];

/** Runs the night, and then what an admin or the next night does, until nothing is open. */
async function runUntilDone(
  org: Nightly,
  file: readonly Employee[],
  interruptAfterMs: number | undefined,
): Promise<void> {
  const args = [...ARGS, ...MANY_CHANGES, '--accept=size'];
  const interrupt =
    interruptAfterMs === undefined
      ? undefined
      : new Promise<'SIGINT'>((resolve) => setTimeout(() => resolve('SIGINT'), interruptAfterMs));
  let result = await org.night(file, args, interrupt && { interrupt });
  for (let attempt = 1; result.exitCode !== 0 && attempt <= 6; attempt += 1) {
    const runId = runIdOf(result);
    // Every other time the run is resumed; otherwise the next night comes.
    result =
      attempt % 2 === 1 && runId !== undefined
        ? await org.run(['resume', runId, '--json'])
        : await org.night(file, args);
  }
  expect(result, 'the night in the end').toMatchObject({ exitCode: 0 });
}

function runIdOf({ stdout, exitCode }: CliResult): string | undefined {
  if (stdout === '' || exitCode === 1) return undefined;
  return (JSON.parse(stdout) as { runId: string }).runId;
}

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

function members({ okta }: Nightly): string[] {
  return okta
    .users()
    .filter(({ profile }) => !isStranger(profile))
    .map(({ status, profile }) =>
      line({
        number: String(profile['employeeNumber']),
        login: profile.login,
        lastName: String(profile['lastName']),
        title: String(profile['title']),
        status,
      }),
    )
    .toSorted();
}

function line(person: Readonly<Record<string, string>>): string {
  return JSON.stringify(person);
}
