import { describe, expect, it, onTestFinished } from 'vitest';

import { createOktaClient, startSandbox, validateUsers, type ValidateOutcome } from '../../src/index.js';
import { demoSeed } from '../../src/sandbox/demo-seed.js';
import { peopleCsv } from '../helpers/people.js';

async function collect(outcomes: AsyncIterable<ValidateOutcome>): Promise<ValidateOutcome[]> {
  const all: ValidateOutcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

const ada = {
  login: 'ada@example.com',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'B',
};

describe('validating rows', () => {
  it('needs no org', async () => {
    const outcomes = await collect(
      validateUsers({ records: [ada, { ...ada, login: 'ADA@example.com' }, { ...ada, login: 'no email' }] }),
    );

    expect(outcomes).toMatchObject([
      { row: 1, status: 'valid' },
      { row: 2, status: 'invalid', problems: [{ code: 'login-repeated', column: 'login' }] },
      { row: 3, status: 'invalid', problems: [{ code: 'login-not-an-email' }] },
    ]);
  });

  it('lets a row that is not selected keep no other row from being valid', async () => {
    const records = [ada, ada, { ...ada, login: 'b@example.com', email: 'b@example.com' }];

    expect(await collect(validateUsers({ records }, { only: '2-3' }))).toMatchObject([
      { row: 1, status: 'not-attempted' },
      { row: 2, status: 'valid' },
      { row: 3, status: 'valid' },
    ]);
  });

  it('reads a file, and reports the line of each record', async () => {
    const bytes = (async function* () {
      yield Buffer.from(peopleCsv(3).replaceAll(',', ';'));
    })();

    expect(await collect(validateUsers({ csv: bytes }, { delimiter: ';' }))).toMatchObject([
      { status: 'valid', line: 2 },
      { status: 'valid', line: 3 },
      { status: 'valid', line: 4 },
    ]);
  });

  it('checks against the org whatever only the org knows, and changes nothing there', async () => {
    const okta = await startSandbox({ seed: demoSeed });
    const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token });
    onTestFinished(async () => {
      await client.close();
      await okta.close();
    });
    const before = okta.users();
    const there = { ...ada, login: 'jose.nunez@example.com', email: 'jose.nunez@example.com' };
    const records = [
      { ...ada, shirtSize: 'M', groups: 'Sales' },
      { ...ada, login: 'b@example.com', shirtSize: 'XS', groups: '' },
      { ...ada, login: 'c@example.com', shirtSize: '', groups: 'Pirates' },
      { ...there, shirtSize: 'S', groups: '' },
    ];

    const [failing, updating] = [
      await collect(validateUsers({ records }, { client })),
      await collect(validateUsers({ records }, { client, ifExists: 'update' })),
    ];

    expect(failing).toMatchObject([
      { status: 'would-create' },
      { status: 'invalid', problems: [{ code: 'not-one-of' }] },
      { status: 'invalid', problems: [{ code: 'unknown-group' }] },
      { status: 'invalid', problems: [{ code: 'login-taken' }] },
    ]);
    expect(updating.find(({ row }) => row === 4)).toMatchObject({
      status: 'would-update',
      changed: ['firstName', 'lastName', 'shirtSize'],
    });
    expect(okta.users()).toEqual(before);
  });

  it('throws the reason of a signal', async () => {
    const signal = AbortSignal.abort(new Error('too late'));

    await expect(collect(validateUsers({ records: [ada] }, { signal }))).rejects.toThrow('too late');
  });
});
