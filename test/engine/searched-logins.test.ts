import { expect, it } from 'vitest';

import { interceptedOrg, json } from '../helpers/intercepted-org.js';
import { apiToken } from '../../src/okta/auth/static-token.js';
import type { OktaClient } from '../../src/okta/client.js';
import { Secret } from '../../src/secret.js';
import { clientFor } from '../okta/servers.js';
import { createOf, hastyClock, workbench, type Workbench } from './build.js';

const LOGIN = String.raw`CORP\bob`;
const operation = createOf(1, { login: LOGIN });

/** An org whose search index shows new users only after some more searches. */
async function laggingOrg(
  faults: NonNullable<Parameters<typeof workbench>[0]>['faults'],
  missedSearches: number,
): Promise<{ bench: Workbench; client: OktaClient }> {
  const bench = await workbench({ orgOptions: { loginPattern: '.+' }, faults });
  let searches = 0;
  const { url } = await interceptedOrg(bench.okta, ({ query }) => {
    if (!query.has('search')) return undefined;
    searches += 1;
    return searches <= missedSearches ? json(200, []) : undefined;
  });
  return {
    bench,
    client: clientFor(url, { signIn: apiToken(new Secret(bench.okta.token)), clock: hastyClock }),
  };
}

it('a create whose login can only be searched for is found once the search index has it', async () => {
  const { bench, client } = await laggingOrg([{ on: 'createUser', nth: 1, then: '500-after-commit' }], 3);

  await expect(bench.apply(operation, { client })).resolves.toMatchObject({ status: 'created', attempts: 1 });
  expect(bench.okta.users()).toHaveLength(1);
});

it('a search that finds nothing never proves that a create failed', async () => {
  const { bench, client } = await laggingOrg(
    [
      { on: 'createUser', nth: [1, 2, 3, 4, 5], then: 'status-500' },
      { on: 'createUser', nth: 6, then: '500-after-commit' },
    ],
    Number.POSITIVE_INFINITY,
  );

  await expect(bench.apply(operation, { client })).resolves.toMatchObject({
    status: 'failed',
    error: { errorCode: 'ERR_OUTCOME_UNKNOWN' },
  });
});
