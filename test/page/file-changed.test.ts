import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { openNamedFile } from '../../src/page/file/file-routes.js';

import { pageScene } from './page-client.js';
import { people, runScene } from './run-scene.js';

const CHANGED = {
  status: 'failed',
  problem: {
    message: 'people.csv has changed on disk since it was opened.',
    hint: 'In the step File, read the file again, then check its rows.',
  },
};

it('a file that has changed since its columns were shown is not checked', async () => {
  const { server, client, at } = await pageScene();
  const path = join(at.folder, at.file('people.csv', 'login\nyuki@example.com\n'));
  await openNamedFile(server.session, path);
  writeFileSync(path, 'login\nyuki@example.com\nomar@example.com\n');

  await client.json('POST', '/api/check');

  const { check } = await client.untilState(
    (state) => state.check !== undefined && state.check.status !== 'running',
  );
  expect(check).toMatchObject(CHANGED);
});

it('a file that has changed since its rows were checked is not planned', async () => {
  const scene = await runScene(people(2));
  writeFileSync(scene.server.session.file?.table?.path ?? '', people(3));

  const plan = await scene.plan();

  expect(plan).toMatchObject(CHANGED);
  expect(scene.okta.ledger.created).toEqual([]);
});
