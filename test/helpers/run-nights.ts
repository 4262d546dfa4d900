import { readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';

import { expect } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import type { UserProfile } from '../../src/sandbox/user-store.js';

import { orgSettings, type CliResult } from './cli.js';
import type { InProcessOptions } from './in-process-cli.js';
import { fastWaits } from './fast-waits.js';
import { killAt } from './killed-cli.js';
import { nightly, staffCsv, type Nightly } from './nightly.js';
import {
  FAULTS,
  FIRST_MANAGER,
  FIRST_STAFF,
  GROUPS,
  joiner,
  passNight,
  SHARED,
  type Group,
  type ModelPerson,
  type Night,
  type Row,
} from './nights-model.js';

/** The lag of searches and member lists, longer than a run takes in a test. */
export const LAG = { searchLagMs: 2000, memberLagMs: 3000, deletionLagMs: 1000 };

/** People who stay, enough that no usual night comes near a limit. */
const MIN_PRESENT = 26;
const MAX_STAGED = 6;

/** Runs nights against a sandbox and a model of what the org must look like after each. */
export async function runNights(
  nights: readonly Night[],
  {
    orgOptions = {},
    kills = false,
  }: { readonly orgOptions?: SandboxOptions['orgOptions']; readonly kills?: boolean } = {},
): Promise<void> {
  const groups = GROUPS.filter((name) => name !== '').map((name) => ({ name }));
  // A list of members lacks what changed in the last seconds, and the nights of a test follow each other faster than that: whether a
  // run sees the change of the last one, or of an admin, depends on the clock, which the model does not have.
  const hasGroups = orgOptions?.memberLagMs === undefined;
  // Likewise, whether a search shows the manager whom the last run created.
  const hasManagers = orgOptions?.searchLagMs === undefined;
  const org = await nightly({
    seed: { users: STRANGERS, groups },
    orgOptions,
    // Whoever waits for an index that lags has to wait in fact.
    ...(orgOptions?.searchLagMs === undefined && { clock: fastWaits }),
  });
  const strangers = usersOf(org, isStranger);
  const model: ModelPerson[] = [];
  let version = 0;
  while (model.length < FIRST_STAFF) join('now');
  for (const night of nights) {
    version += 1;
    await change(night);
    const present = model.filter(({ staff }) => staff.isPresent).map(({ inFile }) => inFile);
    const file = {
      rows: night.hasStranger ? [...present, STRANGER] : present,
      hasGroups,
      loginOf: (index: number) => model[index]!.inFile.login,
    };
    if (version > 1 && night.wrongFile !== undefined) await expectStop(org, file, night.wrongFile);
    for (const kind of night.faults) org.okta.addFault(FAULTS[kind]);
    const attempts = await runUntilDone(org, file, kills ? night : { ...night, kill: undefined });
    org.okta.clearFaults();
    for (const one of model) passNight(one, one.staff, one.board);
    expectModel(attempts);
    if (night.board !== undefined) expectModel([await runBoard(night.board)]);
  }

  function expectModel(attempts: readonly CliResult[]): void {
    expect(usersOf(org, isStranger), 'people outside of the data set').toEqual(strangers);
    expect(membersOf(org), `the org after ${attempts.map(outputOf).join('\n')}`).toEqual(expectedMembers());
  }

  function join(when: Night['join'][number]): void {
    const staged = model.filter(({ inFile }) => inFile.start === 'later').length;
    const before = model.findLastIndex(({ inFile }) => inFile.end === '');
    model.push(
      joiner(
        model.length + 1,
        when === 'later' && staged === MAX_STAGED ? 'now' : when,
        before < FIRST_MANAGER || !hasManagers ? undefined : before,
      ),
    );
  }

  async function change(night: Night): Promise<void> {
    for (const when of night.join) join(when);
    if (night.begin) for (const index of model.keys()) editRow(index, { start: '' });
    for (const index of night.end) editRow(index, { end: 'past' });
    for (const index of night.extend) editRow(index, { end: '' });
    for (const index of night.move) editRow(index, { title: `Title ${version}-${index}` });
    if (hasGroups) for (const { person, group } of night.regroup) editRow(person, { group });
    for (const index of night.rename) {
      editRow(index, {
        login: `renamed${version}-${index}@example.com`,
        lastName: `Name${version}-${index}`,
      });
    }
    const present = model.filter(({ staff }) => staff.isPresent).length;
    if (present >= MIN_PRESENT + 2) for (const index of night.leave) model[index]!.staff.isPresent = false;
    for (const index of night.comeBack) model[index]!.staff.isPresent = true;
    if (hasManagers) for (const { person: index, manager } of night.manage) editRow(index, { manager });
    handOn(night);
    for (const { person: index, field } of night.edit) {
      const user = model[index]!.inOrg;
      if (user === undefined) continue;
      const value = `edited${version}-${index}${field === 'login' ? '@example.com' : ''}`;
      await org.edit(user.login, { [field]: value });
      user[field] = value;
    }
    if (hasGroups) for (const { person, group } of night.regroupByHand) await regroup(person, group);
    for (const index of night.suspend) await setSuspended(index, true);
    for (const index of night.unsuspend) await setSuspended(index, false);
  }

  /** Only a person who is in the file and in Okta can give up a login. */
  function handOn({ handOn: people }: Night): void {
    if (people === undefined || people.giver === people.taker) return;
    const [giver, taker] = [model[people.giver]!, model[people.taker]!];
    if (![giver, taker].every(({ staff, inOrg }) => staff.isPresent && inOrg !== undefined)) return;
    const { login } = giver.inFile;
    editRow(people.giver, { login: `given${version}-${people.giver}@example.com` });
    editRow(people.taker, { login });
  }

  async function regroup(index: number, group: Group): Promise<void> {
    const user = model[index]!.inOrg;
    if (user === undefined || user.group === group) return;
    const id = org.okta.findUser(user.login)?.id;
    const path = async (name: Group): Promise<string> => {
      const found = (await (await org.call('GET', `/groups?q=${encodeURIComponent(name)}`)).json()) as {
        id: string;
      }[];
      return `/groups/${found[0]!.id}/users/${id}`;
    };
    if (user.group !== '') await org.call('DELETE', await path(user.group));
    if (group !== '') await org.call('PUT', await path(group));
    user.group = group;
  }

  async function setSuspended(index: number, isSuspended: boolean): Promise<void> {
    const user = model[index]!.inOrg;
    if (user?.status !== (isSuspended ? 'ACTIVE' : 'SUSPENDED')) return;
    const id = org.okta.findUser(user.login)?.id;
    const response = await org.call(
      'POST',
      `/users/${id}/lifecycle/${isSuspended ? 'suspend' : 'unsuspend'}`,
    );
    expect(response.ok).toBe(true);
    user.status = isSuspended ? 'SUSPENDED' : 'ACTIVE';
  }

  /** A night of the second data set. */
  async function runBoard({ leave, comeBack }: NonNullable<Night['board']>): Promise<CliResult> {
    const members = model.slice(0, SHARED);
    for (const index of leave) members[index]!.board!.isPresent = false;
    for (const index of comeBack) members[index]!.board!.isPresent = true;
    const rows = members.filter(({ board }) => board!.isPresent).map(({ inFile }) => inFile);
    const file = org.at.file('board.csv', staffCsv(rows));
    const args = ['--leavers=suspend', '--adopt-existing', '--accept=size'];
    const result = await org.run(['sync', file, '--dataset=board', '--match=employeeNumber', ...args]);
    expect(result, 'the night of the second data set').toMatchObject({ exitCode: 0 });
    for (const one of members) passNight(one, one.board!, one.staff);
    return result;
  }

  function editRow(index: number, changes: Partial<Row>): void {
    const one = model[index]!;
    one.inFile = { ...one.inFile, ...changes };
  }

  function expectedMembers(): string[] {
    return model
      .flatMap(({ inFile: { employeeNumber }, inOrg }) =>
        inOrg === undefined
          ? []
          : [
              line({
                employeeNumber,
                ...inOrg,
                manager: inOrg.manager === undefined ? '' : model[inOrg.manager]!.inFile.employeeNumber,
              }),
            ],
      )
      .toSorted();
  }
}

interface StaffFile {
  readonly rows: readonly Row[];
  readonly hasGroups: boolean;
  /** Of a person in the model. */
  readonly loginOf: (index: number) => string;
}

const MAPPING = `profile:
  login: login
  email: email
  firstName: firstName
  lastName: lastName
  employeeNumber: employeeNumber
  title: title
  managerId: { person: manager, as: id }
credentials: { password: password }
start: { column: start, date: yyyy-MM-dd }
end: { column: end, date: yyyy-MM-dd }
`;

/** Days that are in the past, or later, whenever a test runs across midnight. */
const DAY_MS = 86_400_000;
const dayAfter = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Writes the file. @returns the command. */
function staffNight(org: Nightly, { rows, hasGroups, loginOf }: StaffFile): string[] {
  const lines = staffCsv(rows).trimEnd().split('\n');
  const more = rows.map(({ start, end, group, manager }) => [
    start === 'later' ? dayAfter(5) : '',
    end === 'past' ? dayAfter(-5) : '',
    manager === undefined ? '' : loginOf(manager),
    ...(hasGroups ? [group] : []),
  ]);
  const added = [['start', 'end', 'manager', ...(hasGroups ? ['groups'] : [])], ...more];
  const file = org.at.file(
    'people.csv',
    added.map((cells, index) => [lines[index], ...cells].join()).join('\n'),
  );
  const mapping = org.at.file('staff.yaml', hasGroups ? `${MAPPING}groups: groups\n` : MAPPING);
  const limits = [
    `--mapping=${mapping}`,
    '--leavers=suspend',
    '--max-changes=80%',
    ...(hasGroups ? ['--managed-groups=Dept *'] : []),
  ];
  return ['sync', file, '--dataset=staff', '--match=employeeNumber', '--json', ...limits];
}

function runNight(
  org: Nightly,
  file: StaffFile,
  options?: Pick<InProcessOptions, 'interrupt'>,
): Promise<CliResult> {
  return org.run(staffNight(org, file), options);
}

/** A night with a wrong file is stopped, and leaves the org and the data set as they are. */
async function expectStop(
  org: Nightly,
  file: StaffFile,
  how: NonNullable<Night['wrongFile']>,
): Promise<void> {
  const state = joinPath(org.at.folder, 'reports', 'datasets', 'staff.ndjson');
  const everything = (): unknown => [usersOf(org, () => true), readFileSync(state, 'utf8')];
  const before = everything();
  const { rows } = file;
  const wrong =
    how === 'half'
      ? rows.slice(0, Math.floor(rows.length / 2))
      : rows.map((one, index) => ({ ...one, title: rows.at(index - 1)!.title }));

  const stopped = await runNight(org, { ...file, rows: wrong });

  expect(stopped, `the file is ${how}`).toMatchObject({ exitCode: 3 });
  expect(stopped.stderr).toContain(how === 'half' ? '--accept leavers,size' : 'title would change for');
  expect(everything(), `the file is ${how}`).toEqual(before);
}

/** Runs the night, and then what an admin or the next night does, until no work remains. */
async function runUntilDone(
  org: Nightly,
  file: StaffFile,
  { interruptAfterMs, kill }: Pick<Night, 'interruptAfterMs' | 'kill'>,
): Promise<readonly CliResult[]> {
  const attempts: CliResult[] = [];
  if (kill !== undefined) {
    await killAt(kill, staffNight(org, file), { at: org.at, env: orgSettings(org.okta) });
  }
  const interrupt =
    interruptAfterMs === undefined
      ? undefined
      : new Promise<'SIGINT'>((resolve) => setTimeout(() => resolve('SIGINT'), interruptAfterMs));
  // Every other night the killed run is resumed; otherwise the next night comes.
  const resumesFirst = kill !== undefined && kill.nth % 2 === 0;
  let result = resumesFirst
    ? await org.run(['resume', 'last', '--json'])
    : await runNight(org, file, interrupt && { interrupt });
  attempts.push(result);
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    // A resumed run can be that of an earlier night, if the process was killed before it had one.
    if (result.exitCode === 0 && !(resumesFirst && attempts.length === 1)) return attempts;
    const runId = runIdOf(result);
    result =
      attempt % 2 === 1 && runId !== undefined && result.exitCode !== 0
        ? await org.run(['resume', runId, '--json'])
        : await runNight(org, file);
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

const STRANGER: Row = {
  login: 'vera@example.com',
  firstName: 'vera',
  lastName: 'Stranger',
  employeeNumber: '5000',
  title: '',
  start: '',
  end: '',
  group: '',
  manager: undefined,
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
  const users = okta.users();
  const numberOf = (id: unknown): string =>
    String(users.find((user) => user.id === id)?.profile['employeeNumber'] ?? '');
  return users
    .filter(({ profile }) => !isStranger(profile))
    .map(({ status, profile }) =>
      line({
        employeeNumber: String(profile['employeeNumber']),
        login: profile.login,
        lastName: String(profile['lastName']),
        title: String(profile['title']),
        status,
        group: okta.groupsOf(profile.login).join(),
        manager: numberOf(profile['managerId']),
      }),
    )
    .toSorted();
}

function line(
  user: Readonly<
    Record<'employeeNumber' | 'login' | 'lastName' | 'title' | 'status' | 'group' | 'manager', string>
  >,
): string {
  const { employeeNumber, login, lastName, title, status, group, manager } = user;
  return JSON.stringify([employeeNumber, login, lastName, title, status, group, manager]);
}
