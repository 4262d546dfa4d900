import { EventEmitter, once } from 'node:events';
import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ApiError, PageEvent, PageState } from '../../src/page/api/state.js';
import { oktaError, type Interceptor } from '../helpers/intercepted-org.js';
import { readPage } from '../helpers/page.js';

import { PageClient } from './page-client.js';
import { people, runScene, type RunScene } from './run-scene.js';

function errorOf(text: string): ApiError['error'] {
  return (JSON.parse(text) as ApiError).error;
}

/** Holds back the creates of an org until they are let go. */
function heldCreates(): {
  readonly intercept: Interceptor;
  /** Resolves when the nth create has arrived. */
  arrived(nth: number): Promise<void>;
  letGo(): void;
} {
  const gate = new EventEmitter();
  const open = once(gate, 'open');
  const waiting = new Map<number, () => void>();
  let creates = 0;
  return {
    async intercept({ method, path }) {
      if (method !== 'POST' || path !== '/api/v1/users') return undefined;
      creates += 1;
      waiting.get(creates)?.();
      await open;
      return undefined;
    },
    arrived: (nth) =>
      creates >= nth ? Promise.resolve() : new Promise((resolve) => waiting.set(nth, resolve)),
    letGo: () => void gate.emit('open'),
  };
}

async function start(scene: RunScene): Promise<void> {
  await scene.plan();
  await scene.client.json('POST', '/api/run', { org: scene.host });
}

describe('the confirmation', () => {
  it.each([{}, { org: '' }, { org: 'other.okta.com' }, { org: 1 }, [], 'x'])(
    'nothing is sent without the host name of the org: %j',
    async (body) => {
      const scene = await runScene(people(1));
      await scene.plan();

      const { status, text } = await scene.client.request('POST', '/api/run', body);

      expect(status).toBe(400);
      expect(errorOf(text).message).toBe(`The org was not confirmed: it is ${scene.host}.`);
      expect(scene.okta.ledger.created).toEqual([]);
    },
  );

  it('without a current plan, there is nothing to import', async () => {
    const scene = await runScene(people(2));
    const before = await scene.client.request('POST', '/api/run', { org: scene.host });
    await scene.plan();
    scene.check.edit(people(2, 'Support'));
    const outdated = await scene.client.request('POST', '/api/run', { org: scene.host });

    for (const { status, text } of [before, outdated]) {
      expect(status).toBe(422);
      expect(errorOf(text).message).toBe('There is no current plan.');
    }
  });
});

describe('a run', () => {
  it('imports the rows, and ends with a sentence, a report and what can be done next', async () => {
    const scene = await runScene(`${people(3)}broken,,Ada,,\n`);

    const run = await scene.importAll();

    expect(run).toMatchObject({
      action: 'import',
      name: 'people.csv',
      org: scene.host,
      status: 'ended',
      rows: 4,
      doneRows: 4,
      counts: { created: 3, invalid: 1 },
      failures: [{ row: 4, line: 5, message: expect.stringContaining('email') as string }],
      result: {
        exitCode: 1,
        headline: '3 of 4 rows were imported.',
        hasReport: true,
        failedRows: 1,
        actions: ['verify', 'undo', 'remind'],
        canCorrect: true,
        files: ['results.csv', 'failed.csv'],
      },
    });
    const { openSteps } = await scene.client.state();
    expect(openSteps).toContain('report');
    expect(scene.errors).toEqual([]);
  });

  it('tells every tab how far it is, and goes on without one', async () => {
    const held = heldCreates();
    const scene = await runScene(people(30), { intercept: held.intercept });
    await start(scene);
    await held.arrived(1);
    const seen: PageEvent[] = [];
    for await (const event of scene.client.events()) {
      seen.push(event);
      break;
    }
    held.letGo();

    const run = await scene.untilEnded();

    expect(seen[0]).toMatchObject({ kind: 'state', state: { run: { status: 'running', rows: 30 } } });
    expect(run.counts).toEqual({ created: 30 });
  });

  it('pauses as the first Ctrl-C does: rows in progress are finished, and a resume does the others once', async () => {
    const held = heldCreates();
    const scene = await runScene(people(40), { intercept: held.intercept });
    await start(scene);
    await held.arrived(3);

    const pausing = await scene.client.json<PageState>('POST', '/api/run/pause');
    held.letGo();
    const paused = await scene.untilEnded();

    expect(pausing.run?.status).toBe('pausing');
    expect(paused.result).toMatchObject({
      exitCode: 130,
      headline: expect.stringMatching(/^Paused: \d+ of 40 rows were imported\.$/) as string,
      actions: expect.arrayContaining(['resume']) as unknown,
    });
    expect(paused.doneRows).toBeLessThan(40);
    expect(scene.okta.ledger.created).toHaveLength(paused.counts['created'] ?? 0);

    await scene.client.json('POST', `/api/runs/${paused.runId}/actions`, {
      action: 'resume',
      org: scene.host,
    });
    const resumed = await scene.untilEnded();

    expect(resumed).toMatchObject({ action: 'resume', runId: paused.runId, counts: { created: 40 } });
    expect(resumed.result?.headline).toBe('40 of 40 rows were imported.');
    expect(scene.okta.ledger.created).toHaveLength(40);
    expect(scene.okta.ledger.createsOfTakenLogins).toEqual([]);
  });

  it('is the only one: another tab gets a clear answer', async () => {
    const held = heldCreates();
    const scene = await runScene(people(2), { intercept: held.intercept });
    await start(scene);
    await held.arrived(1);

    const again = await scene.client.request('POST', '/api/run', { org: scene.host });
    const plan = await scene.client.request('POST', '/api/plan', {});
    held.letGo();
    await scene.untilEnded();

    for (const { status, text } of [again, plan]) {
      expect(status).toBe(409);
      expect(errorOf(text)).toMatchObject({
        message: 'A run is in progress (import of people.csv, 0 of 2 rows done).',
        hint: expect.stringContaining('pause') as string,
      });
    }
    expect(scene.okta.ledger.created).toHaveLength(2);
  });

  it('reads the file that was planned, although another one is opened meanwhile', async () => {
    const held = heldCreates();
    const scene = await runScene(people(20), { intercept: held.intercept });
    scene.check.edit(people(20, 'Edited'));
    await start(scene);
    await held.arrived(1);
    await scene.server.session.replace('file', undefined);
    held.letGo();

    const run = await scene.untilEnded();

    expect(run.counts).toEqual({ created: 20 });
    expect(scene.okta.users().filter(({ profile }) => profile['department'] === 'Edited')).toHaveLength(20);
  });

  it('keeps the edited rows beside its report, and the mapping in its journal', async () => {
    const scene = await runScene(people(2));
    const edited = people(2, 'Edited');
    scene.check.edit(edited);

    const { runId } = await scene.importAll();

    const folder = join(scene.at.folder, 'reports', runId);
    expect(readFileSync(join(folder, 'edited.csv'), 'utf8')).toBe(edited);
    const [first] = scene.at.run(runId).journal;
    expect(first).toMatchObject({ mapping: { content: expect.stringContaining('profile:') as string } });
    expect(readFileSync(join(scene.at.folder, 'people.csv'), 'utf8')).toBe(people(2));
  });

  it('names the run and its report for the file that was opened, also when edited rows were sent', async () => {
    const scene = await runScene(people(2));
    scene.check.edit(people(2, 'Edited'));

    const { runId, name } = await scene.importAll();

    const { text, html } = readPage(scene.at, runId);
    expect(name).toBe('people.csv');
    expect(runId).toMatch(/Z-people$/);
    expect(html).toContain('<title>people.csv: import report</title>');
    expect(text).toMatch(/^File\npeople\.csv, as edited on the local page$/m);
    expect(text).not.toContain('people-edited.csv');
    expect(scene.at.run(runId).summary).toMatchObject({ file: { name: 'people.csv', isEdited: true } });
    // Rebuilt from the journal, it says the same.
    await scene.shell(`okta-csv-import report ${runId}`);
    expect(readPage(scene.at, runId).text).toContain('people.csv, as edited on the local page');
  });

  it('stops at the canary, and says what to do', async () => {
    const scene = await runScene(people(30), {
      intercept: ({ method, path }) =>
        method === 'POST' && path === '/api/v1/users'
          ? oktaError(400, 'E0000001', 'Api validation failed: email')
          : undefined,
    });

    const run = await scene.importAll({ canary: 2 });

    expect(run.counts['failed']).toBe(2);
    expect(run.result).toMatchObject({
      exitCode: 3,
      headline: 'Stopped early: 0 of 30 rows were imported.',
      stoppedBecause: expect.stringContaining('canary') as string,
      canCorrect: false,
    });
  });

  it('sends nothing when all or nothing was chosen and a row is invalid', async () => {
    const scene = await runScene(`${people(2)}broken,,Ada,,\n`);

    const { result } = await scene.importAll({ allOrNothing: true });

    expect(result?.headline).toBe('Nothing was sent: 1 of 3 rows has problems.');
    expect(scene.okta.ledger.created).toEqual([]);
  });

  it('ends with the server: it is paused, and can be resumed', async () => {
    const held = heldCreates();
    const scene = await runScene(people(40), { intercept: held.intercept });
    await start(scene);
    await held.arrived(1);

    const closed = scene.server.close();
    held.letGo();
    await closed;

    const [runId = ''] = scene.at.runIds().filter((name) => name !== 'files');
    expect(scene.at.run(runId).summary.stoppedBecause).toBe('interrupted by SIGINT');
  });
});

describe('an org that refuses', () => {
  it('rejects the token at the start: nothing was changed, and the same plan can be tried again', async () => {
    let isRejected = false;
    const scene = await runScene(people(2), {
      intercept: () => (isRejected ? oktaError(401, 'E0000011', 'Invalid token provided') : undefined),
    });
    await scene.plan();
    isRejected = true;

    await scene.client.json('POST', '/api/run', { org: scene.host });
    const { result } = await scene.untilEnded();

    expect(result).toMatchObject({
      headline: 'Nothing was changed.',
      stoppedBecause: expect.stringMatching(/token/i) as string,
      hint: expect.stringMatching(/\w/) as string,
    });
    isRejected = false;
    await scene.client.json('POST', '/api/run', { org: scene.host });
    expect((await scene.untilEnded()).counts).toEqual({ created: 2 });
  });

  it('rejects the token in the middle: the run stops and can be resumed', async () => {
    let creates = 0;
    let isRevoked = true;
    const scene = await runScene(people(30), {
      intercept: ({ method }) => {
        if (method === 'POST') creates += 1;
        return creates > 12 && isRevoked ? oktaError(401, 'E0000011', 'Invalid token provided') : undefined;
      },
    });

    const stopped = await scene.importAll();
    isRevoked = false;

    expect(stopped.result).toMatchObject({
      exitCode: 3,
      actions: expect.arrayContaining(['resume']) as unknown,
    });
    await scene.client.json('POST', `/api/runs/${stopped.runId}/actions`, {
      action: 'resume',
      org: scene.host,
    });
    expect((await scene.untilEnded()).counts).toEqual({ created: 30 });
    expect(scene.okta.ledger.createsOfTakenLogins).toEqual([]);
  });

  it('makes the run wait at its rate limit, in words', async () => {
    const scene = await runScene(people(3), { rateLimits: { limits: 600, windowMs: 4000 } });
    await scene.plan();
    // The window begins with this request.
    scene.okta.addFault({ on: 'createUser', nth: 1, then: '429-bucket-used-up' });
    const waiting = scene.client.until(
      (each) => (each.kind === 'run' && each.run.wait !== undefined) || isEnded(each),
    );
    await scene.client.json('POST', '/api/run', { org: scene.host });

    const event = await waiting;
    expect((await scene.untilEnded()).counts).toEqual({ created: 3 });
    expect(event).toMatchObject({
      kind: 'run',
      run: { wait: expect.stringMatching(/^Waiting for the rate limit of the org.*: \d+ s\.$/) as string },
    });
  });
});

function isEnded(event: PageEvent): boolean {
  return event.kind === 'state' && event.state.run?.status === 'ended';
}

describe('the report', () => {
  it('is served with a policy of its own, and so are the files of the run', async () => {
    const scene = await runScene(`${people(2)}broken,,Ada,,\n`);
    scene.check.edit(`${people(2, 'Edited')}broken,,Ada,,\n`);
    const { runId } = await scene.importAll();
    const get = (file: string) => scene.client.request('GET', `/runs/${runId}/${file}`);

    const page = await get('report.html');
    const results = await get('results.csv');
    const failed = await get('failed.csv');

    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(
      /^sandbox allow-scripts [^;]*; default-src 'none'/,
    );
    expect(page.headers['content-security-policy']).not.toContain('allow-same-origin');
    expect(page.text).toContain('p1@example.com');
    expect(results.text).toContain('p2@example.com');
    expect(failed.headers['content-disposition']).toBe(`attachment; filename*=UTF-8''${runId}-failed.csv`);
    expect(failed.text).toContain('broken');
    expect((await get('edited.csv')).text).toContain('Edited');
  });

  it.each([
    ['journal.ndjson', 404],
    ['failed.xlsx', 404],
    ['lock', 404],
    ['..%2F..%2Fpeople.csv', 404],
    ['%2e%2e/secret.csv', 404],
  ])('has no file %s', async (file, status) => {
    const scene = await runScene(people(1));
    const { runId } = await scene.importAll();

    expect((await scene.client.request('GET', `/runs/${runId}/${file}`)).status).toBe(status);
  });

  it.each(['..', '%2e%2e', '..%2Freports', '.', 'nothing', 'files'])('there is no run %s', async (runId) => {
    const scene = await runScene(people(1));
    await scene.importAll();
    writeFileSync(join(scene.at.folder, 'results.csv'), 'secret');

    const { status, text } = await scene.client.request('GET', `/runs/${runId}/results.csv`);

    expect(status).toBe(404);
    expect(text).not.toContain('secret');
  });

  it('needs the cookie', async () => {
    const scene = await runScene(people(1));
    const { runId } = await scene.importAll();
    await PageClient.enter(scene.server.createAddress());

    expect((await scene.client.request('GET', `/runs/${runId}/report.html`)).status).toBe(401);
    expect(existsSync(join(scene.at.folder, 'reports', runId, 'report.html'))).toBe(true);
  });
});
