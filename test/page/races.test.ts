import { EventEmitter, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/index.js';
import type { ApiError, PageEvent, PageState } from '../../src/page/api/state.js';
import { interceptedOrg, type Interceptor } from '../helpers/intercepted-org.js';

import { checkScene, columnsStep } from './check-scene.js';
import { pageScene, type PageClient } from './page-client.js';
import { OPTIONS, pageOrg, people, runScene, type RunScene } from './run-scene.js';

/** Something that waits until it is let go. */
function gate() {
  const events = new EventEmitter();
  const open = once(events, 'open');
  const reached = once(events, 'reached');
  return {
    reached,
    letGo: () => void events.emit('open'),
    async wait() {
      events.emit('reached');
      await open;
    },
  };
}

const CONTENT = `login,email,firstName,lastName,groups
amara@example.com,amara@example.com,Amara,Okafor,
yuki@example.com,yuki@example.com,Yuki,Sato,
`;

function errorOf({ text }: { readonly text: string }): ApiError['error'] {
  return (JSON.parse(text) as ApiError).error;
}

/** A page with edited rows, the writing of which can be held. */
async function planScene() {
  const held = gate();
  const page = await runScene(people(3));
  const edited = people(3, 'Edited');
  page.check.edit(edited);
  let isFirst = true;
  Object.assign(page.check, {
    async writeCsv(path: string) {
      await writeFile(path, edited, { mode: 0o600 });
      if (isFirst) {
        isFirst = false;
        await held.wait();
      }
    },
  });
  return { ...page, held };
}

function filesOf({ at }: RunScene): readonly string[] {
  return readdirSync(join(at.folder, 'reports/files'));
}

/** Orgs to type: one that has an attribute of its own, also behind an interceptor, and one that has none. */
async function orgScene(intercept: Interceptor = () => undefined) {
  const okta = await startSandbox({
    rateLimits: false,
    seed: { attributes: { badgeNumber: { title: 'Badge', type: 'string' } } },
  });
  onTestFinished(() => okta.close());
  const slow = await interceptedOrg(okta, intercept);
  const bare = await startSandbox({ rateLimits: false });
  onTestFinished(() => bare.close());
  return { okta, slow, bare };
}

function type(client: PageClient, { url, token }: { readonly url: string; readonly token: string }) {
  return client.request('PUT', '/api/org', { url, token });
}

describe('while the rows of a plan are written', () => {
  it('an edit makes the plan outdated, and the rows before it are not imported', async () => {
    const page = await planScene();
    const planned = page.client.json('POST', '/api/plan', OPTIONS);
    await page.held.reached;

    page.check.edit(people(3, 'Edited again'));
    page.held.letGo();
    await planned;
    const { plan } = await page.client.untilState((state) => state.plan?.status !== 'running');
    const { status } = await page.client.request('POST', '/api/run', { org: page.host });

    expect(plan?.status).toBe('outdated');
    expect(status).toBe(422);
    expect(page.okta.ledger.created).toEqual([]);
  });

  it('a row that is unticked and ticked again is planned anew', async () => {
    const page = await planScene();
    const planned = page.client.json('POST', '/api/plan', OPTIONS);
    await page.held.reached;

    page.check.exclude(2);
    page.held.letGo();
    await planned;
    const { plan } = await page.client.untilState((state) => state.plan?.status === 'ready');
    page.check.exclude();

    expect(plan?.counts).toEqual({ 'would-create': 2, 'not-attempted': 1 });
    expect((await page.importAll()).counts).toEqual({ created: 3 });
  });

  it('other columns end it, and nothing remains of it', async () => {
    const page = await planScene();
    const planned = page.client.request('POST', '/api/plan', OPTIONS);
    await page.held.reached;

    await page.server.session.replace('columns', columnsStep());
    page.held.letGo();

    const response = await planned;
    expect(response.status).toBe(409);
    expect(errorOf(response).message).toMatch(/changed while the import was being planned/);
    expect(await page.client.state()).not.toHaveProperty('plan');
    expect(filesOf(page)).toEqual([]);
  });

  it('options that were chosen last are those of the plan', async () => {
    const page = await planScene();
    const first = page.client.json('POST', '/api/plan', OPTIONS);
    await page.held.reached;

    const last = await page.plan({ ifExists: 'skip' });
    page.held.letGo();
    await first;

    expect(last.options.ifExists).toBe('skip');
    expect((await page.client.state()).plan).toMatchObject({
      options: { ifExists: 'skip' },
      status: 'ready',
    });
    expect(filesOf(page)).toHaveLength(1);
  });
});

describe('while an edited row is checked again', () => {
  it('a new check takes the edits over, and no tab is shown the check before', async () => {
    const okta = await startSandbox({ rateLimits: false });
    onTestFinished(() => okta.close());
    const held = gate();
    let isHeld = false;
    const org = await interceptedOrg(okta, async ({ path }) => {
      if (isHeld && path.startsWith('/api/v1/groups')) await held.wait();
      return undefined;
    });
    const scene = await checkScene({ content: CONTENT, org: pageOrg(org.url, okta.token, 120_000) });
    const { client, server, column } = scene;
    const before = await scene.state();
    const edit = (row: number, name: string, value: string) =>
      client.request('POST', '/api/edits', [{ row, column: column(name), value }]);
    const events: PageEvent[] = [];
    const followed = client.until((event) => {
      events.push(event);
      return event.kind === 'state' && event.state.check?.status === 'ready' && isReplaced;
    });
    let isReplaced = false;

    isHeld = true;
    const first = edit(1, 'groups', 'Everyone and more');
    await held.reached;
    const second = edit(2, 'email', 'not an address');
    await client.json('GET', '/api/state');
    isHeld = false;
    await server.session.replace('columns', columnsStep());
    isReplaced = true;
    await client.json('POST', '/api/check');
    held.letGo();

    for (const response of [await first, await second]) {
      expect(response.status).toBe(409);
      expect(errorOf(response)).toMatchObject({ message: 'The rows are being checked again.' });
    }
    await followed;
    expect(await scene.state()).toMatchObject({ status: 'ready', editedRows: 2, canUndo: true });
    expect((await scene.row(2)).problems).toMatchObject([{ code: 'not-an-email' }]);
    const shown = events.flatMap((event) => (event.kind === 'check' ? [event.check] : []));
    const revisions = shown.filter(({ editedRows }) => editedRows > 0).map(({ revision }) => revision);
    expect(Math.min(...revisions, Infinity)).toBeGreaterThan(before.revision);
    expect((await scene.state()).revision).toBeGreaterThan(before.revision);
  });
});

describe('while an org is read', () => {
  it('another one takes its place, and its check goes on when the first one responds', async () => {
    const held = gate();
    const { okta, slow, bare } = await orgScene(async ({ path }) => {
      if (path.includes('/meta/schemas')) await held.wait();
      return undefined;
    });
    const { client } = await pageScene({
      openTypedOrg: ({ url, token }) => Promise.resolve(pageOrg(url, token, 120_000)),
    });
    await client.sendBytes('PUT', '/api/file?name=people.csv', CONTENT);
    await client.json('POST', '/api/check');
    await client.untilState((state) => state.check?.status === 'ready');
    const first = type(client, { url: slow.url, token: okta.token });
    await held.reached;

    await type(client, { url: bare.url, token: bare.token });
    const { check } = await client.untilState(
      (state) => state.check?.status === 'ready' && state.check.isOnline,
    );
    await client.json('POST', '/api/plan', OPTIONS);
    held.letGo();
    await first;

    const after = await client.untilState((state) => state.plan?.status === 'ready');
    expect(after.org.url).toBe(bare.url);
    expect(after.check?.revision).toBe(check?.revision);
  });

  it('an org that was typed later is not replaced by one that signs in more slowly', async () => {
    const held = gate();
    const { okta, bare } = await orgScene();
    const { client } = await pageScene({
      async openTypedOrg({ url, token }) {
        if (url === okta.url) await held.wait();
        return pageOrg(url, token);
      },
    });
    const first = type(client, okta);
    await held.reached;

    await type(client, bare);
    held.letGo();

    const response = await first;
    expect(response.status).toBe(409);
    expect(errorOf(response).message).toBe('Another org was chosen in the meantime.');
    expect((await client.state()).org.url).toBe(bare.url);
  });

  it('a file that is opened meanwhile is not read with the attributes of the org before', async () => {
    const held = gate();
    const { okta, slow } = await orgScene(async ({ path }) => {
      if (path.includes('/meta/schemas')) await held.wait();
      return undefined;
    });
    const { client } = await pageScene({
      openTypedOrg: ({ url, token }) => Promise.resolve(pageOrg(url, token, 120_000)),
    });
    await type(client, okta);
    const second = type(client, { url: slow.url, token: okta.token });
    await held.reached;

    await client.sendBytes('PUT', '/api/file?name=people.csv', 'login,Badge\nyuki@example.com,17\n');
    const { columns } = await client.state();
    held.letGo();
    await second;

    expect(columns).toMatchObject({ isOrgSchema: false });
    expect(columns?.columns[1]?.use).toEqual({ kind: 'undecided' });
    expect((await client.state()).columns?.columns[1]?.use).toMatchObject({ path: 'profile.badgeNumber' });
  });

  it('attributes that could not be read are read again for the next file', async () => {
    let isDown = true;
    const { okta, slow } = await orgScene(({ path }) =>
      isDown && path.includes('/meta/schemas') ? { status: 503 } : undefined,
    );
    const { client } = await pageScene({ org: pageOrg(slow.url, okta.token, 50) });
    const drop = async (): Promise<PageState> => {
      await client.sendBytes('PUT', '/api/file?name=people.csv', 'login,Badge\nyuki@example.com,17\n');
      return client.state();
    };
    expect((await drop()).columns).toMatchObject({ isOrgSchema: false, schemaProblem: { id: 'org-schema' } });

    isDown = false;

    const { columns } = await drop();
    expect(columns).toMatchObject({ isOrgSchema: true });
    expect(columns).not.toHaveProperty('schemaProblem');
  });
});

it('a file that was chosen later stays open when a larger one has arrived', async () => {
  const { client, server } = await pageScene();
  const { hostname, port } = new URL(client.url);
  const message = request({
    hostname,
    port,
    method: 'PUT',
    path: '/api/file?name=large.csv',
    headers: {
      Cookie: client.cookie,
      Origin: client.url,
      'Content-Type': 'application/octet-stream',
    },
  });
  const responded = once(message, 'response');
  message.write('login\nomar@example.com\n');
  await client.sendBytes('PUT', '/api/file?name=first.csv', 'login\nada@example.com\n');
  const uploads = join(server.session.file?.table?.path ?? '', '../..');
  await expect.poll(() => readdirSync(uploads).length).toBe(2);
  await client.sendBytes('PUT', '/api/file?name=small.csv', CONTENT);

  message.end('yuki@example.com\n');

  const [response] = (await responded) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  expect(response.statusCode).toBe(409);
  expect(errorOf({ text }).message).toBe(
    'large.csv was not opened, because another file was chosen after it.',
  );
  expect((await client.state()).file).toMatchObject({ name: 'small.csv', rows: 2 });
  expect(readFileSync(server.session.file?.table?.path ?? '', 'utf8')).toBe(CONTENT);
  expect(readdirSync(uploads).length).toBe(2);
});
