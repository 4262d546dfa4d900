import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { SeededUser } from '../../src/sandbox/seed.js';
import type { ApiError } from '../../src/page/api/state.js';
import type { PlannedRowsPage } from '../../src/page/api/plan.js';
import { removeAbandonedFiles } from '../../src/page/plan/abandoned-files.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import { oktaError } from '../helpers/intercepted-org.js';

import { NO_ORG, pageScene } from './page-client.js';
import { HEADER, MAPPING, OPTIONS, pageOrg, people, runScene } from './run-scene.js';

function existing(login: string): SeededUser {
  return { profile: { login, email: login, firstName: 'Amara', lastName: 'Diallo', department: 'Sales' } };
}

describe('the plan', () => {
  it('counts what an import would do, and writes nothing to the org', async () => {
    const scene = await runScene(`${people(3)}nobody,,Ada,,\n`);

    const plan = await scene.plan();

    expect(plan).toMatchObject({
      status: 'ready',
      rows: 4,
      checkedRows: 4,
      counts: { 'would-create': 3, invalid: 1 },
      mails: { count: 3, domains: [{ domain: 'example.com', count: 3 }] },
      requests: 3,
    });
    expect(plan.problem).toBeUndefined();
    expect(scene.okta.ledger.created).toEqual([]);
    expect(scene.errors).toEqual([]);
  });

  it('shows the rows with the old and new values of existing users, by status and by text', async () => {
    const scene = await runScene(people(2, 'Finance'), { seed: { users: [existing('p2@example.com')] } });

    await scene.plan({ ifExists: 'update' });
    const rows = await scene.client.json<PlannedRowsPage>('GET', '/api/plan/rows?offset=0&limit=10');
    const updates = await scene.client.json<PlannedRowsPage>(
      'GET',
      '/api/plan/rows?status=would-update&search=P2%40EX&offset=0&limit=10',
    );

    expect(rows).toMatchObject({
      total: 2,
      rows: [
        { row: 1, line: 2, login: 'p1@example.com', name: 'Amara Okafor 1', label: 'would be created' },
        {
          row: 2,
          status: 'would-update',
          changes: expect.arrayContaining([
            { attribute: 'department', from: 'Sales', to: 'Finance' },
          ]) as unknown,
          isExcluded: false,
        },
      ],
    });
    expect(updates).toMatchObject({ total: 1, rows: [{ row: 2 }] });
  });

  it('masks values of columns that hold secrets', async () => {
    const csv = `${HEADER},badge\np1@example.com,p1@example.com,Amara,Okafor,Sales,hunter2-value\n`;
    const mapping = `${MAPPING}credentials:\n  password: badge\n`;
    const scene = await runScene(csv, { mapping, seed: { users: [existing('p1@example.com')] } });

    await scene.plan({ ifExists: 'update' });
    const { text } = await scene.client.request('GET', '/api/plan/rows');

    expect(text).toContain('p1@example.com');
    expect(text).not.toContain('hunter2');
  });

  it('is refused for a mapping that generates passwords, with the ways to go on', async () => {
    const scene = await runScene(people(1), { mapping: `${MAPPING}password: { generate: 16 }\n` });

    const { status, text } = await scene.client.request('POST', '/api/plan', OPTIONS);

    expect(status).toBe(422);
    expect((JSON.parse(text) as ApiError).error).toMatchObject({
      message: 'The mapping generates passwords, but the page has no file to write them to.',
      hint: expect.stringMatching(/Remove "generate".* step Columns.* command line with --links/),
    });
    expect(scene.okta.ledger.created).toEqual([]);
    expect(scene.errors).toEqual([]);
  });

  it('names the groups that would be created', async () => {
    const scene = await runScene(people(1));

    const plan = await scene.plan({ groups: ['New hires'], createGroups: true });

    expect(plan.groupsToCreate).toEqual(['New hires']);
  });

  it('no longer holds after an edit, or with another org', async () => {
    const scene = await runScene(people(2));
    const status = async (): Promise<string | undefined> => (await scene.client.state()).plan?.status;

    await scene.plan();
    expect(await status()).toBe('ready');
    scene.check.edit(people(3));
    expect(await status()).toBe('outdated');
    await scene.plan();
    expect(await status()).toBe('ready');
    await scene.server.session.replaceOrg(pageOrg(scene.org.url, scene.okta.token));
    expect(await status()).not.toBe('ready');
  });

  it('follows at once when rows are unticked: counts, emails, groups, command, and what is imported', async () => {
    const csv = `${people(2)}p3@example.org,p3@example.org,Noor,Haddad,Sales\nbroken,,Ada,,\n`;
    const scene = await runScene(csv);
    await scene.plan({ groups: ['New hires'], createGroups: true });

    scene.check.exclude(2, 3, 4);
    const { plan } = await scene.client.state();

    expect(plan).toMatchObject({
      status: 'ready',
      counts: { 'would-create': 1, 'not-attempted': 3 },
      mails: { count: 1, domains: [{ domain: 'example.com', count: 1 }] },
      groupsToCreate: ['New hires'],
      requests: 2,
    });
    expect(plan?.command).toContain('--only 1');
    const left = await scene.client.json<PlannedRowsPage>('GET', '/api/plan/rows?status=not-attempted');
    expect(left.rows.map(({ row }) => row)).toEqual([2, 3, 4]);

    await scene.client.json('POST', '/api/run', { org: scene.host });
    expect((await scene.untilEnded()).counts).toEqual({ created: 1, 'not-attempted': 3 });
    expect(scene.okta.users().map(({ profile }) => profile.login)).toEqual(['p1@example.com']);
  });

  it('has nothing to import when all rows are unticked, and no longer holds when another row is ticked', async () => {
    const scene = await runScene(people(2));
    scene.check.exclude(1);
    await scene.plan();

    scene.check.exclude(1, 2);
    expect((await scene.client.state()).plan).toMatchObject({
      status: 'ready',
      counts: { 'not-attempted': 2 },
    });
    expect((await scene.client.request('POST', '/api/run', { org: scene.host })).status).toBe(422);
    scene.check.exclude(2);
    expect((await scene.client.state()).plan?.status).toBe('outdated');
    expect(scene.okta.ledger.created).toEqual([]);
  });

  it('no longer holds when another row is valid without the one that was unticked', async () => {
    const scene = await runScene(people(1));
    const csv = `${people(2)}p1@example.com,p1@example.com,Amara,Okafor,Sales\n`;
    await openNamedFile(scene.server.session, join(scene.at.folder, scene.at.file('twice.csv', csv)));
    await scene.client.json('POST', '/api/check');
    await scene.client.untilState((state) => state.check?.status === 'ready');
    expect((await scene.plan()).counts).toEqual({ 'would-create': 2, invalid: 1 });

    await scene.client.json('PUT', '/api/excluded', { rows: [2], isExcluded: true });
    expect((await scene.client.state()).plan).toMatchObject({
      status: 'ready',
      counts: { 'would-create': 1, 'not-attempted': 1, invalid: 1 },
    });
    await scene.client.json('PUT', '/api/excluded', { rows: [1], isExcluded: true });
    expect((await scene.client.state()).plan?.status).toBe('outdated');
    expect((await scene.client.request('POST', '/api/run', { org: scene.host })).status).toBe(422);
  });

  it('leaves unticked rows out, also in the command', async () => {
    const scene = await runScene(people(3));
    scene.check.exclude(2);

    const plan = await scene.plan();

    expect(plan.counts).toEqual({ 'would-create': 2, 'not-attempted': 1 });
    expect(plan.command).toContain('--only 1,3');
  });

  it('has no command when no shell would take it, and does what it shows all the same', async () => {
    const scene = await runScene(people(20_000));
    scene.check.exclude(...Array.from({ length: 9990 }, (_, index) => 2 * index + 1));

    const plan = await scene.plan();

    expect(plan.command).toBeUndefined();
    expect(plan.counts).toEqual({ 'would-create': 10_010, 'not-attempted': 9990 });
  });

  it('says so when all rows are unticked', async () => {
    const scene = await runScene(people(1));
    scene.check.exclude(1);

    const { status, text } = await scene.client.request('POST', '/api/plan', OPTIONS);

    expect(status).toBe(422);
    expect((JSON.parse(text) as ApiError).error.message).toBe('All rows are unticked.');
  });
});

describe('the command of the plan', () => {
  it.each([
    ['the file as it is', {}, undefined],
    [
      'options',
      {
        ifExists: 'skip',
        activate: false,
        canary: 1,
        maxFailures: '50%',
        groups: ["It's new"],
        createGroups: true,
      } as const,
      undefined,
    ],
    ['edited rows', {}, people(3, '"Edited; ""by hand"", and more"')],
  ])('imports the same as the page: %s', async (_, options, edited) => {
    const byPage = await runScene(people(3));
    const byCommand = await runScene(people(3));
    for (const { check } of [byPage, byCommand]) {
      check.exclude(2);
      if (edited !== undefined) check.edit(edited);
    }

    await byPage.importAll(options);
    const { command } = await byCommand.plan(options);
    const { exitCode } = await byCommand.shell(command ?? '');

    expect(exitCode).toBe(0);
    const usersOf = ({ okta }: typeof byPage): unknown =>
      okta.users().map(({ status, profile, id }) => ({ status, profile, groups: okta.groupsOf(id).length }));
    expect(usersOf(byCommand)).toEqual(usersOf(byPage));
    expect(byPage.okta.ledger.created).toHaveLength(2);
  });
});

describe('the files of the plan', () => {
  it('are for their owner only, and go with the plan unless a run has used them', async () => {
    const scene = await runScene(people(1));
    scene.check.edit(people(1, 'Edited'));
    await scene.plan();
    const files = join(scene.at.folder, 'reports/files');
    const [folder = ''] = readdirSync(files);

    expect(readdirSync(join(files, folder)).sort()).toEqual(['mapping.yaml', 'people-edited.csv']);
    expect(statSync(join(files, folder)).mode & 0o077).toBe(0);
    expect(statSync(join(files, folder, 'people-edited.csv')).mode & 0o077).toBe(0);
    await scene.plan();
    expect(readdirSync(files)).toHaveLength(1);
    await scene.server.session.replace('check', undefined);
    expect(readdirSync(files)).toEqual([]);
  });
});

function writeIn(folder: string, name: string, content: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
}

describe('files that no run reads', () => {
  it('are deleted when the page ends, also if an import was refused before it started', async () => {
    const scene = await runScene(people(2));
    await scene.plan();
    writeFileSync(join(scene.at.folder, 'people.csv'), people(3));
    await scene.client.json('POST', '/api/run', { org: scene.host });
    await scene.untilEnded();
    const files = join(scene.at.folder, 'reports/files');
    expect(readdirSync(files)).toHaveLength(1);

    await scene.server.close();

    expect(readdirSync(files)).toEqual([]);
  });

  it('are deleted at the next start if the process was killed, unless they are new or a run needs them', async () => {
    const scene = await runScene(people(1));
    const files = join(scene.at.folder, 'reports/files');
    await scene.importAll();
    const [used = ''] = readdirSync(files);
    for (const name of ['killed', 'new']) writeIn(join(files, name), 'people.csv', people(1));
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [used, 'killed']) utimesSync(join(files, name), longAgo, longAgo);

    await pageScene({ at: scene.at });

    await expect
      .poll(() => readdirSync(files).toSorted(), { timeout: 120_000 })
      .toEqual([used, 'new'].toSorted());
  });

  it('are kept while the journal of a run cannot be read', async () => {
    const scene = await runScene(people(1));
    const files = join(scene.at.folder, 'reports/files');
    writeIn(join(files, 'unknown'), 'people.csv', people(1));
    const broken = '{"type":"rum"}\n{"type":"row"}\n';
    writeIn(join(scene.at.folder, 'reports/broken'), 'journal.ndjson', broken);
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(join(files, 'unknown'), longAgo, longAgo);

    await removeAbandonedFiles(join(scene.at.folder, 'reports'), files, Date.now());
    expect(readdirSync(files)).toEqual(['unknown']);
    rmSync(join(scene.at.folder, 'reports/broken'), { recursive: true });
    await removeAbandonedFiles(join(scene.at.folder, 'reports'), files, Date.now());
    expect(readdirSync(files)).toEqual([]);
  });
});

describe('a file that was dropped', () => {
  it('is copied for the run, so that the command finds it and the run goes on without it', async () => {
    const scene = await runScene(people(1));
    await scene.client.sendBytes('PUT', '/api/file?name=caf%C3%A9%20%F0%9F%98%80.csv', people(3));
    await scene.client.json('POST', '/api/check');
    await scene.client.untilState(({ check }) => check?.status === 'ready');
    const { command = '' } = await scene.plan();

    expect(command).toMatch(/reports\/files\/[^/]+\/café 😀\.csv/);
    const { exitCode } = await scene.shell(command);
    expect(exitCode).toBe(0);
    expect(scene.okta.ledger.created).toHaveLength(3);
  });
});

describe('an org that refuses', () => {
  it.each([
    [401, 'E0000011', 'Invalid token provided'],
    [403, 'E0000006', 'You do not have permission to perform the requested action'],
  ])('is named with a way on: %i', async (status, code, summary) => {
    const scene = await runScene(people(1), { intercept: () => oktaError(status, code, summary) });

    const plan = await scene.plan();

    expect(plan.status).toBe('failed');
    expect(plan.problem).toMatchObject({ severity: 'error', hint: expect.stringMatching(/\w/) as string });
    expect(scene.errors).toEqual([]);
  });

  it('can be down: the plan waits, says so, and gives up with a sentence', async () => {
    const scene = await runScene(people(1), {
      giveUpAfterMs: 300,
      intercept: () => ({ status: 503, text: 'down' }),
    });

    const plan = await scene.plan();

    expect(plan.status).toBe('failed');
    expect(plan.problem?.message).toMatch(/unavailable|respond|503/);
  });

  it('can be missing', async () => {
    const { client } = await pageScene({ org: NO_ORG });

    const { status, text } = await client.request('POST', '/api/plan', OPTIONS);

    expect(status).toBe(422);
    expect(text).toContain('Choose the org at the top of the page.');
  });
});

it.each([
  ['no body', undefined],
  ['a list', []],
  ['an unknown policy', { ...OPTIONS, ifExists: 'delete' }],
  ['groups that are no names', { ...OPTIONS, groups: [1] }],
  ['an empty group', { ...OPTIONS, groups: [' '] }],
  ['a canary of half a row', { ...OPTIONS, canary: 0.5 }],
  ['a canary of no row', { ...OPTIONS, canary: 0 }],
  ['a limit that is no number', { ...OPTIONS, maxFailures: 'many' }],
  ['cleared attributes of users that are not updated', { ...OPTIONS, clearEmpty: true }],
  ['a text for a flag', { ...OPTIONS, activate: 'yes' }],
])('a request to plan with %s is refused with a hint', async (_, body) => {
  const scene = await runScene(people(1));

  const { status, text } = await scene.client.request('POST', '/api/plan', body);

  expect(status).toBe(400);
  expect((JSON.parse(text) as ApiError).error.hint).toMatch(/\w/);
  expect(scene.errors).toEqual([]);
});

it('a file that changes after the plan is not imported', async () => {
  const scene = await runScene(people(2));
  await scene.plan();
  writeFileSync(join(scene.at.folder, 'people.csv'), people(3));

  await scene.client.json('POST', '/api/run', { org: scene.host });
  const { result } = await scene.untilEnded();

  expect(result?.stoppedBecause).toBe('people.csv has changed since it was planned. Nothing was sent.');
  expect(scene.okta.ledger.created).toEqual([]);
});
