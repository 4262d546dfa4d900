import { EventEmitter, once } from 'node:events';

import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/index.js';
import { interceptedOrg, oktaError } from '../helpers/intercepted-org.js';

import { openNamedFile } from '../../src/page/file/file-routes.js';

import { checkScene, columnsStep } from './check-scene.js';
import { pageScene } from './page-client.js';
import { pageOrg } from './run-scene.js';

const CONTENT = `login,email,firstName,lastName,groups
amara@example.com,amara@example.com,Amara,Okafor,
yuki@example.com,yuki@example.com,Yuki,Sato,
`;

/** Rows that were checked with an org which then refuses to look up groups. */
async function failedScene() {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  let isRefused = false;
  const org = await interceptedOrg(okta, ({ path }) =>
    isRefused && path.startsWith('/api/v1/groups')
      ? oktaError(401, 'E0000011', 'Invalid token provided')
      : undefined,
  );
  const scene = await checkScene({ content: CONTENT, org: pageOrg(org.url, okta.token) });
  isRefused = true;
  await scene.edit([1, 'groups', 'Suport']);
  isRefused = false;
  return scene;
}

it('an org that fails during an edit is named, and the edit is kept', async () => {
  const { state, row, errors } = await failedScene();

  expect(await state()).toMatchObject({
    status: 'failed',
    canUndo: true,
    problem: { id: 'check-failed', message: expect.stringContaining('Invalid token') },
  });
  expect((await row(1)).cells.at(-1)).toBe('Suport');
  expect(errors).toEqual([]);
});

it('the next edit checks what the failed one left, and the step goes on', async () => {
  const { edit, state, row } = await failedScene();

  const { check } = await edit([2, 'firstName', 'Yūki']);

  expect(check).toMatchObject({ status: 'ready', checkedRows: 2, problemRows: 1, validRows: 1 });
  expect(check).not.toHaveProperty('problem');
  expect(await state()).toEqual(check);
  expect((await row(1)).problems).toMatchObject([{ code: 'unknown-group' }]);
});

it('"Check again" does so as well, and keeps the edits and their undo', async () => {
  const { client, state, row } = await failedScene();

  await client.json('POST', '/api/check');
  await client.untilState(({ check }) => check?.status === 'ready');

  expect(await state()).toMatchObject({ problemRows: 1, editedRows: 1, canUndo: true });
  expect((await row(1)).problems).toMatchObject([{ code: 'unknown-group' }]);
  await client.json('POST', '/api/edits/undo');
  expect(await state()).toMatchObject({ status: 'ready', problemRows: 0, editedRows: 0 });
});

it('a group that the org cannot look up is no unknown group, and is looked up again with the next edit', async () => {
  const okta = await startSandbox({ rateLimits: false, seed: { groups: [{ name: 'Support' }] } });
  onTestFinished(() => okta.close());
  let isBlocked = true;
  const org = await interceptedOrg(okta, ({ path }) =>
    isBlocked && path.startsWith('/api/v1/groups')
      ? { status: 403, headers: { 'content-type': 'text/html' }, text: '<html>Blocked</html>' }
      : undefined,
  );
  const content = CONTENT.replace('Okafor,', 'Okafor,Support');
  const { edit, row, state } = await checkScene({ content, org: pageOrg(org.url, okta.token) });

  expect(await state()).toMatchObject({ status: 'ready', problemRows: 1 });
  expect((await row(1)).problems).toMatchObject([
    { code: 'lookup-failed', message: expect.stringContaining('The group "Support" could not be looked up') },
  ]);

  isBlocked = false;
  const { check } = await edit([1, 'firstName', 'Amaka']);
  expect(check).toMatchObject({ status: 'ready', problemRows: 0 });
});

/** A file that was opened while the org held back its answers to some requests; a column may mean one of its attributes. */
async function slowScene(isHeld: (path: string) => boolean) {
  const okta = await startSandbox({
    seed: { attributes: { unit: { title: 'Department Name', type: 'string' } } },
    rateLimits: false,
  });
  onTestFinished(() => okta.close());
  const release = new EventEmitter();
  const held = once(release, 'answer');
  const org = await interceptedOrg(okta, async ({ path }) => {
    if (isHeld(path)) await held;
    return undefined;
  });
  const { client, server, at } = await pageScene({ org: pageOrg(org.url, okta.token, 120_000) });
  const content = CONTENT.replace('groups', 'Department Name');
  await openNamedFile(server.session, `${at.folder}/${at.file('people.csv', content)}`);
  return { client, release };
}

it('keeps a check and its edits when attributes of a slow org arrive late and suggest another mapping', async () => {
  let schemas = 0;
  // The step Columns asks first.
  const { client, release } = await slowScene(
    (path) => path.includes('/meta/schemas') && (schemas += 1) === 1,
  );
  const { columns } = await client.state();
  expect(columns).toMatchObject({ isOrgSchema: false, problems: [] });
  await client.json('POST', '/api/check');
  await client.untilState((state) => state.check?.status === 'ready');
  await client.json('POST', '/api/edits', [{ row: 1, column: 4, value: 'Logistics' }]);

  release.emit('answer');
  const late = await client.untilState((state) => state.columns?.isOrgSchema === true);

  expect(late.check).toMatchObject({ status: 'ready', rows: 2, editedRows: 1 });
  expect(late.openSteps).toContain('plan');
  expect(late.columns?.yaml).toBe(columns?.yaml);
  expect(late.columns?.attributes.map(({ path }) => path)).toContain('profile.unit');
});

it('attributes of a slow org that arrive late are suggested as long as no row was checked', async () => {
  const { client, release } = await slowScene(() => true);
  expect((await client.state()).columns?.yaml).toContain('department: Department Name');

  release.emit('answer');
  const late = await client.untilState((state) => state.columns?.isOrgSchema === true);

  // The column can mean either attribute now.
  expect(late.columns?.columns[4]).toMatchObject({
    use: { kind: 'undecided' },
    candidates: expect.arrayContaining(['unit', 'department']),
  });
});

it('the page shows that it waits for an org that does not respond', async () => {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  let isDown = true;
  const org = await interceptedOrg(okta, () => (isDown ? { status: 503, text: 'down' } : undefined));
  const { client, server, at } = await pageScene({ org: pageOrg(org.url, okta.token, 120_000) });
  await openNamedFile(server.session, `${at.folder}/${at.file('people.csv', CONTENT)}`);
  await server.session.replace('columns', columnsStep());
  await client.json('POST', '/api/check');

  const waiting = await client.until((event) => event.kind === 'check' && event.check.wait !== undefined);
  isDown = false;
  const { check } = await client.untilState((state) => state.check?.status === 'ready');

  expect(waiting).toMatchObject({
    check: { status: 'running', wait: expect.stringMatching(/^The org has not responded for \d+ s\./) },
  });
  expect(check).not.toHaveProperty('wait');
});
