import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ActionOptions, ActionPlan, ListedRunView, RunAction, RunView } from '../../src/page/api/run.js';
import { oktaError, type Interceptor } from '../helpers/intercepted-org.js';

import { pageScene } from './page-client.js';
import { pageOrg, people, runScene, type RunScene } from './run-scene.js';

function list({ client }: Pick<RunScene, 'client'>): Promise<readonly ListedRunView[]> {
  return client.json('GET', '/api/runs');
}

function planOf(
  scene: RunScene,
  runId: string,
  action: RunAction,
  options: ActionOptions = {},
): Promise<ActionPlan> {
  return scene.client.json('POST', `/api/runs/${runId}/plan`, { action, options });
}

async function act(
  scene: RunScene,
  runId: string,
  action: RunAction,
  options: ActionOptions = {},
): Promise<RunView> {
  await scene.client.json('POST', `/api/runs/${runId}/actions`, { action, org: scene.host, options });
  return scene.untilEnded();
}

describe('the list of runs', () => {
  it('has every run of the folder, newest first, with what can be done', async () => {
    const scene = await runScene(`${people(2)}broken,,Ada,,\n`);
    expect(await list(scene)).toEqual([]);

    const { runId } = await scene.importAll();

    expect(await list(scene)).toEqual([
      {
        runId,
        command: 'import',
        state: 'ended',
        startedAt: expect.stringMatching(/Z$/) as string,
        file: 'people.csv',
        org: scene.host,
        isSandbox: true,
        isThisOrg: true,
        counts: { created: 2, invalid: 1 },
        leftOut: 0,
        isUndone: false,
        actions: ['verify', 'undo', 'remind'],
        canCorrect: true,
        hasReport: true,
        files: ['results.csv', 'failed.csv'],
      },
    ]);
  });

  it('tells rows that were left out from rows that were not sent', async () => {
    const refuseThird: Interceptor = ({ method, body }) =>
      method === 'POST' && body?.profile?.['login'] === 'p3@example.com' && isRefusing
        ? oktaError(400, 'E0000001', 'Api validation failed: login', 'login: refused')
        : undefined;
    let isRefusing = true;
    const scene = await runScene(people(6), { intercept: refuseThird });
    await scene.shell('okta-csv-import validate people.csv --only 3-');
    scene.check.exclude(1, 2);
    await scene.importAll({ canary: 1 });
    isRefusing = false;
    await scene.shell('okta-csv-import import people.csv --only 1-3 --if-exists skip --yes');

    expect(await list(scene)).toMatchObject([
      { command: 'import', counts: { created: 3, 'not-attempted': 3 }, leftOut: 3 },
      { command: 'import', counts: { failed: 1, 'not-attempted': 5 }, leftOut: 2 },
      { command: 'validate', counts: { valid: 4, 'not-attempted': 2 }, leftOut: 2 },
    ]);
  });

  it('offers failed rows only when there are any', async () => {
    const scene = await runScene(people(2));
    scene.at.file('lines.csv', '"login\nof the person",firstName,lastName\nada@example.com,Ada,\n');
    scene.at.file('lines.yaml', 'profile:\n  login: "login\\nof the person"\n');
    await scene.importAll();
    await scene.shell('okta-csv-import import lines.csv --mapping lines.yaml --yes');

    expect(await list(scene)).toMatchObject([
      { file: 'lines.csv', canCorrect: true, files: ['results.csv', 'failed.csv'] },
      { file: 'people.csv', canCorrect: false, files: ['results.csv'] },
    ]);
  });

  it('has runs of the command line and of syncs, and what applies to them', async () => {
    const scene = await runScene(people(2));
    await scene.shell('okta-csv-import sync people.csv --dataset staff');
    await scene.shell('okta-csv-import validate people.csv');

    const runs = await list(scene);

    expect(runs).toMatchObject([
      { command: 'validate', actions: [], canCorrect: false },
      {
        command: 'sync (staff)',
        actions: ['verify', 'undo', 'remind'],
        canCorrect: false,
        counts: { created: 2 },
      },
    ]);
  });

  it('offers nothing for runs of another org', async () => {
    const scene = await runScene(people(1));
    const { runId } = await scene.importAll();
    const other = await pageScene({ at: scene.at, org: pageOrg('https://other.okta.com', 'none') });

    expect(await list(other)).toMatchObject([{ isThisOrg: false, actions: [], org: scene.host }]);
    const { status, text } = await other.client.request('POST', `/api/runs/${runId}/actions`, {
      action: 'undo',
      org: scene.host,
    });
    expect(status).toBe(409);
    expect(text).toContain('not possible');
    expect(scene.okta.ledger.created).toHaveLength(1);
  });

  it('names a run whose journal is damaged, and does not follow links', async () => {
    const scene = await runScene(people(1));
    await scene.importAll();
    const reports = join(scene.at.folder, 'reports');
    const [runId = ''] = scene.at.runIds().filter((name) => name !== 'files');
    const broken = join(reports, 'broken');
    mkdirSync(broken);
    const journal = readFileSync(join(reports, runId, 'journal.ndjson'), 'utf8');
    scene.at.file('reports/broken/journal.ndjson', journal.replace('"type":"run"', '"type":"rum"'));
    symlinkSync(join(reports, runId), join(reports, 'linked'));

    const runs = await list(scene);

    expect(Object.fromEntries(runs.map((run) => [run.runId, run.state]))).toEqual({
      [runId]: 'ended',
      broken: 'unreadable',
    });
    expect((await scene.client.request('GET', '/runs/linked/results.csv')).status).toBe(404);
  });
});

describe('undo', () => {
  it('shows its plan, wants the org confirmed, deletes the users, and is listed as done', async () => {
    const scene = await runScene(people(3));
    const { runId } = await scene.importAll();

    const plan = await planOf(scene, runId, 'undo');
    const unconfirmed = await scene.client.request('POST', `/api/runs/${runId}/actions`, { action: 'undo' });

    expect(plan).toMatchObject({ action: 'undo', runId, org: scene.host, hasWork: true });
    expect(plan.lines.join('\n')).toContain('3 users that it created will be permanently deleted');
    expect(plan.command).toBe(`okta-csv-import undo ${runId}`);
    expect(unconfirmed.status).toBe(400);
    expect(scene.okta.users()).toHaveLength(3);

    const run = await act(scene, runId, 'undo');

    expect(run).toMatchObject({
      action: 'undo',
      counts: { removed: 3 },
      result: { exitCode: 0, headline: '3 of 3 users were deleted or restored.', hasReport: true },
    });
    expect(scene.okta.users()).toEqual([]);
    const runs = await list(scene);
    expect(runs.find((each) => each.runId === runId)).toMatchObject({ isUndone: true, actions: [] });
    const again = await scene.client.request('POST', `/api/runs/${runId}/plan`, { action: 'undo' });
    expect(again.status).toBe(409);
  });

  it('that was interrupted is continued from its own line', async () => {
    let isRevoked = false;
    let deletes = 0;
    const scene = await runScene(people(6), {
      intercept: ({ method }) => {
        if (method === 'DELETE') deletes += 1;
        if (deletes > 2) isRevoked = true;
        return isRevoked ? oktaError(401, 'E0000011', 'Invalid token provided') : undefined;
      },
    });
    const { runId } = await scene.importAll();
    const stopped = await act(scene, runId, 'undo');
    isRevoked = false;
    deletes = -100;

    expect(stopped.result?.exitCode).toBe(3);
    const line = (await list(scene)).find((each) => each.runId === `${runId}-undo`);
    expect(line?.actions).toEqual(['undo']);
    expect(await planOf(scene, `${runId}-undo`, 'undo')).toMatchObject({ runId });
    expect((await act(scene, `${runId}-undo`, 'undo')).result?.exitCode).toBe(0);
    expect(scene.okta.users()).toEqual([]);
  });

  it('says what it cannot restore, and that changed users are kept', async () => {
    const scene = await runScene(people(2));
    const { runId } = await scene.importAll();
    const [changed] = scene.okta.users();
    await fetch(`${scene.okta.url}/api/v1/users/${changed?.id}`, {
      method: 'POST',
      headers: { authorization: `SSWS ${scene.okta.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile: { title: 'Lead' } }),
    });

    const { lines, changedUsers } = await planOf(scene, runId, 'undo');

    expect(lines.join('\n')).toContain('1 user changed since the run will be kept: ');
    expect(changedUsers).toBe(1);
    const forced = await planOf(scene, runId, 'undo', { force: true });
    expect(forced.lines.join('\n')).toContain('1 user changed since the run will also be undone: ');
    expect(forced).toMatchObject({ hasWork: true, command: `okta-csv-import undo ${runId} --force` });
    expect((await act(scene, runId, 'undo', { force: true })).counts).toEqual({ removed: 2 });
    expect(scene.okta.users()).toEqual([]);
  });
});

describe('verify', () => {
  it('lists what differs, and needs no confirmation', async () => {
    const scene = await runScene(people(2));
    const { runId } = await scene.importAll();
    const [user] = scene.okta.users();
    await fetch(`${scene.okta.url}/api/v1/users/${user?.id}/lifecycle/deactivate`, {
      method: 'POST',
      headers: { authorization: `SSWS ${scene.okta.token}` },
    });

    await scene.client.json('POST', `/api/runs/${runId}/actions`, { action: 'verify' });
    const run = await scene.untilEnded();

    expect(run.result).toMatchObject({
      exitCode: 1,
      headline: '2 users checked, 1 changed since the run.',
      hasReport: false,
    });
    expect(run.failures).toMatchObject([
      { login: user?.profile['login'], message: 'was deactivated since the run' },
    ]);
  });
});

describe('activate and remind', () => {
  it('activates the staged users of a run, with the number of emails in its plan', async () => {
    const scene = await runScene(people(2));
    const { runId, result } = await scene.importAll({ activate: false });
    expect(result?.actions).toEqual(['activate', 'verify', 'undo']);

    const plan = await planOf(scene, runId, 'activate');
    const run = await act(scene, runId, 'activate');

    expect(plan.lines[0]).toMatch(/^Activate 2 users of run .*: 2 emails \(2 to example\.com\)/);
    expect(run.result?.headline).toBe('2 of 2 users were activated.');
    expect(scene.okta.ledger.mails).toHaveLength(2);
    const [line] = (await list(scene)).filter((each) => each.runId === runId);
    expect(line?.actions).toEqual(['verify', 'undo', 'remind']);
  });

  it.each([
    ['csv', 'links.csv', 'text/csv'],
    ['html', 'letters.html', 'application/octet-stream'],
  ] as const)('writes links to a file instead of emails: %s', async (links, file, type) => {
    const scene = await runScene(people(2));
    const { runId } = await scene.importAll({ activate: false });

    const plan = await planOf(scene, runId, 'activate', { links });
    const { result } = await act(scene, runId, 'activate', { links });

    expect(plan.lines[0]).toContain('no emails, the activation links are written to ');
    expect(plan.command).toContain(`--links ${scene.at.folder}/reports/${runId}/${file}`);
    expect(result).toMatchObject({ exitCode: 0, links: { runId, file } });
    expect(scene.okta.ledger.mails).toEqual([]);
    const download = await scene.client.request('GET', `/runs/${runId}/${file}`);
    expect(download.status).toBe(200);
    expect(download.headers['content-disposition']).toMatch(/^attachment/);
    expect(download.headers['content-type']).toContain(type);
    expect(download.text).toContain('p1@example.com');
    expect(statSync(join(scene.at.folder, 'reports', runId, file)).mode & 0o077).toBe(0);
  });

  it('sends no more emails per minute than was chosen', async () => {
    const scene = await runScene(people(3));
    const { runId } = await scene.importAll({ activate: false });

    const plan = await planOf(scene, runId, 'activate', { perMinute: 6000 });
    const run = await act(scene, runId, 'activate', { perMinute: 6000 });

    expect(plan.lines[0]).toContain('over about');
    expect(plan.command).toBe(`okta-csv-import activate ${runId} --per-minute 6000`);
    expect(run.counts).toEqual({ activated: 3 });
  });

  it.each([{ perMinute: 0 }, { perMinute: null }, { perMinute: 'x' }, { links: 'pdf' }, { force: 1 }])(
    'refuses options that the command line would refuse: %j',
    async (options) => {
      const scene = await runScene(people(1));
      const { runId } = await scene.importAll({ activate: false });

      for (const path of ['plan', 'actions']) {
        const body = { action: 'activate', org: scene.host, options };
        const { status } = await scene.client.request('POST', `/api/runs/${runId}/${path}`, body);
        expect(status).toBe(400);
      }
      expect(scene.errors).toEqual([]);
    },
  );

  it('reminds nobody who was invited today', async () => {
    const scene = await runScene(people(2));
    const { runId } = await scene.importAll();

    const plan = await planOf(scene, runId, 'remind');

    expect(plan).toMatchObject({ hasWork: false });
    expect(plan.lines).toContain('2 people were invited too recently.');
  });
});

describe('resume', () => {
  it('is offered at the start of the page when the process of a run has died', async () => {
    const scene = await runScene(people(2));
    const { runId } = await scene.importAll();
    const journal = join(scene.at.folder, 'reports', runId, 'journal.ndjson');
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, lines.filter((line) => !line.includes('"type":"finished"')).join('\n'));

    const { client } = await pageScene({ at: scene.at, org: scene.server.session.org });
    const { notices } = await client.untilState((state) => state.notices.length > 0);

    expect(notices).toMatchObject([
      { severity: 'warning', message: `The run ${runId} was interrupted before its end.` },
    ]);
    expect(await list({ client })).toMatchObject([
      { state: 'interrupted', actions: ['resume', 'verify', 'undo'] },
    ]);
  });

  it('completes a sync of the command line that was stopped', async () => {
    let creates = 0;
    const scene = await runScene(people(20), {
      intercept: ({ method, path }) => {
        if (method === 'POST' && path === '/api/v1/users') creates += 1;
        return creates > 5 ? oktaError(401, 'E0000011', 'Invalid token provided') : undefined;
      },
    });
    await scene.shell('okta-csv-import sync people.csv --dataset staff');
    creates = -100;
    const [stopped] = await list(scene);
    expect(stopped).toMatchObject({
      command: 'sync (staff)',
      actions: expect.arrayContaining(['resume']) as unknown,
    });

    const run = await act(scene, stopped?.runId ?? '', 'resume');

    expect(run).toMatchObject({ counts: { created: 20 }, result: { exitCode: 0, hasReport: true } });
    expect(scene.okta.ledger.createsOfTakenLogins).toEqual([]);
    expect(await list(scene)).toMatchObject([{ actions: ['verify', 'undo', 'remind'] }]);
  });

  it('sends the remaining rows once, and reads the copy of the file if the file is gone', async () => {
    let creates = 0;
    const scene = await runScene(people(20), {
      intercept: ({ method }) => {
        if (method === 'POST') creates += 1;
        return creates > 5 ? oktaError(401, 'E0000011', 'Invalid token provided') : undefined;
      },
    });
    scene.check.edit(people(20, 'Edited'));
    const { runId } = await scene.importAll();
    creates = -100;
    rmSync(join(scene.at.folder, 'reports/files'), { recursive: true });

    const plan = await planOf(scene, runId, 'resume');
    const run = await act(scene, runId, 'resume');

    expect(plan.lines[0]).toMatch(/^\d+ of 20 rows of people\.csv were sent\.$/);
    expect(run.counts).toEqual({ created: 20 });
    expect(scene.okta.ledger.createsOfTakenLogins).toEqual([]);
  });
});

it.each([
  ['an unknown action', 'delete', 409],
  ['an action that the run does not have', 'resume', 409],
  ['nothing', undefined, 409],
])('%s is refused with a sentence', async (_, action, status) => {
  const scene = await runScene(people(1));
  const { runId } = await scene.importAll();

  for (const path of ['plan', 'actions']) {
    const response = await scene.client.request('POST', `/api/runs/${runId}/${path}`, {
      action,
      org: scene.host,
    });
    expect(response.status).toBe(status);
  }
  expect((await scene.client.request('POST', '/api/runs/nothing/plan', { action: 'undo' })).status).toBe(404);
  expect(scene.errors).toEqual([]);
});
