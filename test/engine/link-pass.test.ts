import { expect, it } from 'vitest';

import { LinkPass } from '../../src/engine/link-pass.js';
import type { CompletedRow } from '../../src/rows/outcome.js';
import { createdOutcome, rowOf, workbench } from './build.js';

async function* brokenInput(): AsyncGenerator<readonly CompletedRow[]> {
  yield [{ row: rowOf(1), outcome: createdOutcome(1) }];
  throw new Error('The input is broken.');
}

it('a row that is held back comes out with its first outcome when the input breaks', async () => {
  const { context } = await workbench();
  const links = new Map([[1, [{ attribute: 'managerId', row: 2, login: 'user2@example.com' }]]]);
  const pass = new LinkPass({ links, past: undefined, concurrency: 1, observe: () => {} });
  const rows: CompletedRow[] = [];
  const collect = async (): Promise<void> => {
    for await (const batch of pass.pass(brokenInput(), context)) rows.push(...batch);
  };

  await expect(collect()).rejects.toThrow('The input is broken.');

  expect(rows).toMatchObject([{ outcome: { row: 1, status: 'created' } }]);
});
