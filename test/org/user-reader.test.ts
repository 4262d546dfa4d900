import { describe, expect, it } from 'vitest';

import { UserReader } from '../../src/org/user-reader.js';
import { clientFor, errorBody, fakeOrg, sendJson, userBody } from '../okta/servers.js';

const { signal } = new AbortController();
const USER = userBody('ada@example.com', '00uada');
const NOT_FOUND = errorBody('E0000007');

/** @param answer - to the nth read of the user by ID; undefined for 404. */
async function readerAt(
  answer: (nth: number) => object | undefined,
  found: readonly object[] = [],
): Promise<{ reader: UserReader; pauses: number[]; reads: () => number }> {
  let reads = 0;
  const org = await fakeOrg((response, { url }) => {
    if (url.includes('search=')) return sendJson(response, 200, found);
    reads += 1;
    const user = answer(reads);
    return user === undefined ? sendJson(response, 404, NOT_FOUND) : sendJson(response, 200, user);
  });
  const pauses: number[] = [];
  const clock = { sleep: async (ms: number) => void pauses.push(ms) };
  const reader = new UserReader({ client: clientFor(org.url), clock });
  return { reader, pauses, reads: () => reads };
}

describe('a user that is read by ID', () => {
  it('and found is read once', async () => {
    const { reader, pauses, reads } = await readerAt(() => USER);

    await expect(reader.read('00uada', signal)).resolves.toEqual(USER);
    expect([reads(), pauses]).toEqual([1, []]);
  });

  it('and found again within seconds is not gone', async () => {
    const { reader, pauses } = await readerAt((nth) => (nth >= 4 ? USER : undefined));

    await expect(reader.read('00uada', signal)).resolves.toEqual(USER);
    expect(pauses).toEqual([250, 500, 1000]);
  });

  it('and found only by a search is not gone', async () => {
    const { reader, pauses } = await readerAt(() => undefined, [USER]);

    await expect(reader.read('00uada', signal)).resolves.toEqual(USER);
    expect(pauses).toEqual([250, 500, 1000, 2000]);
  });

  it('and found by neither is gone', async () => {
    const { reader } = await readerAt(() => undefined, [userBody('bob@example.com', '00ubob')]);

    await expect(reader.read('00uada', signal)).resolves.toBeUndefined();
  });

  it('is looked for briefly once twenty others were really gone', async () => {
    const { reader, pauses } = await readerAt(() => undefined);
    for (let n = 0; n < 20; n += 1) await reader.read(`00u${n}`, signal);
    pauses.length = 0;

    await expect(reader.read('00uada', signal)).resolves.toBeUndefined();
    expect(pauses).toEqual([250]);
  });

  it('is looked for with more patience once any other came back', async () => {
    const { reader, pauses } = await readerAt((nth) => (nth === 2 ? USER : undefined));
    for (let n = 0; n < 21; n += 1) await reader.read('00uada', signal);
    pauses.length = 0;

    await reader.read('00uada', signal);
    expect(pauses).toHaveLength(10);
  });
});
