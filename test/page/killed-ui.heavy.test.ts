import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/index.js';
import type { ListedRunView } from '../../src/page/api/run.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { interceptedOrg } from '../helpers/intercepted-org.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

import { PageClient } from './page-client.js';
import { OPTIONS, people } from './run-scene.js';

const ROWS = 120;

/** `ui` as a process of its own, and a browser that has opened its address. */
async function startUi(
  args: readonly string[],
  at: Workplace,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly client: PageClient; kill(): Promise<void> }> {
  const running = startCli(['ui', ...args], { at, env });
  const [printed] = (await once(running.process.stdout!, 'data')) as [Buffer];
  return {
    client: await PageClient.enter(printed.toString('utf8').trim()),
    async kill() {
      running.process.kill('SIGKILL');
      await once(running.process, 'exit');
    },
  };
}

/** How many creates have arrived at each kill: before a response, in the middle, and of the resumed run. */
it.each([
  ['the first creates', [3]],
  ['the middle', [50]],
  ['the middle, and again while it is resumed, twice', [20, 45, 90]],
])(
  'ui is killed at %s: the run is resumed from the page, and nobody is created twice or left out',
  async (_, kills) => {
    const okta = await startSandbox({ rateLimits: false });
    onTestFinished(() => okta.close());
    let creates = 0;
    const moment = new EventEmitter();
    let nextKill = Number.POSITIVE_INFINITY;
    const org = await interceptedOrg(okta, async ({ method, path, forward }) => {
      if (method !== 'POST' || path !== '/api/v1/users') return undefined;
      creates += 1;
      if (creates !== nextKill) return undefined;
      // The org has created the user; the response never arrives.
      const response = await forward();
      moment.emit('reached');
      return response;
    });
    const { host } = new URL(org.url);
    const at = workplace();
    const file = at.file('people.csv', people(ROWS));
    const env = orgSettings({ url: org.url, token: okta.token });

    let ui = await startUi([file], at, env);
    await ui.client.untilState(({ openSteps }) => openSteps.includes('check'));
    await ui.client.json('POST', '/api/check');
    await ui.client.untilState(({ check }) => check?.status === 'ready');
    // So that the run reads a file of its own.
    await ui.client.json('POST', '/api/edits', [{ row: 1, column: 4, value: 'Edited' }]);
    await ui.client.json('POST', '/api/plan', OPTIONS);
    await ui.client.untilState(({ plan }) => plan?.status === 'ready');

    let runId = '';
    for (const [index, kill] of kills.entries()) {
      const arrived = once(moment, 'reached');
      nextKill = kill;
      if (index === 0) await ui.client.json('POST', '/api/run', { org: host });
      else await ui.client.json('POST', `/api/runs/${runId}/actions`, { action: 'resume', org: host });
      await arrived;
      await ui.kill();

      ui = await startUi([], at, env);
      const runs = await ui.client.json<readonly ListedRunView[]>('GET', '/api/runs');
      expect(runs).toMatchObject([
        {
          state: 'interrupted',
          file: 'people.csv',
          actions: expect.arrayContaining(['resume']) as unknown,
        },
      ]);
      runId = runs[0]?.runId ?? '';
      const { notices } = await ui.client.untilState((state) => state.notices.length > 0);
      expect(notices[0]?.message).toBe(`The run ${runId} was interrupted before its end.`);
    }
    nextKill = Number.POSITIVE_INFINITY;
    await ui.client.json('POST', `/api/runs/${runId}/actions`, { action: 'resume', org: host });
    const { run, notices } = await ui.client.untilState((state) => state.run?.status === 'ended');

    expect(run).toMatchObject({
      runId,
      counts: { created: ROWS },
      result: { exitCode: 0, headline: `${ROWS} of ${ROWS} rows were imported.` },
    });
    expect(notices).toEqual([]);
    const logins = okta.ledger.created.map(({ login }) => login);
    expect(new Set(logins).size).toBe(ROWS);
    expect(logins).toHaveLength(ROWS);
    expect(okta.users().find(({ profile }) => profile.login === 'p1@example.com')?.profile).toMatchObject({
      department: 'Edited',
    });
    const folder = join(at.folder, 'reports', runId);
    expect(readFileSync(join(folder, 'results.csv'), 'utf8').trim().split('\n')).toHaveLength(ROWS + 1);
    expect(readFileSync(join(folder, 'edited.csv'), 'utf8')).toContain('Edited');
    await ui.kill();
  },
);
