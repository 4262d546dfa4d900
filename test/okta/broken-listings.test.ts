import { describe, expect, it } from 'vitest';

import type { OktaClient } from '../../src/okta/client.js';
import { systemClock } from '../../src/clock.js';
import { fastClock } from '../helpers/fast-clock.js';
import {
  clientFor,
  errorBody,
  fakeOrg,
  sendJson,
  userBody,
  type FakeOrg,
  type ReceivedRequest,
} from './servers.js';

const USERS = Array.from({ length: 95 }, (_, index) => userBody(`p${index}@example.com`, `00u${index}`));

/** An org with 95 users. @param fails - the status of a request that fails. */
function listedOrg(
  fails: (page: {
    readonly limit: number;
    readonly after: number;
    readonly nth: number;
  }) => number | undefined,
): Promise<FakeOrg> {
  return fakeOrg((response, { url }, nth) => {
    const query = new URL(url, 'http://org').searchParams;
    const limit = Number(query.get('limit'));
    const after = Number(query.get('after') ?? 0);
    const status = fails({ limit, after, nth });
    if (status !== undefined) {
      return sendJson(response, status, errorBody(status === 400 ? 'E0000031' : 'E0000009'));
    }
    const end = after + limit;
    const link =
      end < USERS.length ? { link: `<http://org/api/v1/users?after=${end}&limit=${limit}>; rel="next"` } : {};
    sendJson(response, 200, USERS.slice(after, end), link);
  });
}

async function idsOf(client: OktaClient, isOptional = false): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of client.listUsers({ pageSize: 50 }, { isOptional })) ids.push(id);
  return ids;
}

const begun = ({ requests }: FakeOrg): number =>
  requests.filter(({ url }: ReceivedRequest) => !url.includes('after=')).length;

describe('a listing whose pages fail', () => {
  it('with 500 above some size continues with smaller pages, and each user comes once', async () => {
    const org = await listedOrg(({ limit }) => (limit > 20 ? 500 : undefined));

    const ids = await idsOf(clientFor(org.url, { clock: fastClock() }));

    expect(ids).toEqual(USERS.map((_, index) => `00u${index}`));
    expect(org.requests.length).toBeLessThan(25);
  });

  it.each([400, 500])(
    'with %i in the middle at the size of the first page does so as well',
    async (status) => {
      const org = await listedOrg(({ limit, after }) => (limit > 10 && after > 0 ? status : undefined));

      await expect(idsOf(clientFor(org.url, { clock: fastClock() }))).resolves.toHaveLength(95);
      expect(begun(org)).toBe(1);
    },
  );

  it('while the org is down for a while returns to full pages', async () => {
    const org = await listedOrg(({ nth }) => (nth >= 2 && nth <= 9 ? 503 : undefined));

    await expect(idsOf(clientFor(org.url, { clock: fastClock() }))).resolves.toHaveLength(95);
    expect(new URL(org.requests.at(-1)?.url ?? '', 'http://org').searchParams.get('limit')).toBe('50');
  });

  it('at every size fails within half a minute where the caller can do without it', async () => {
    const org = await listedOrg(({ limit }) => (limit > 0 ? 500 : undefined));
    const clock = fastClock();
    const client = clientFor(org.url, { clock });
    await expect(client.getUser('me')).rejects.toThrow('not a user');
    const startedAtMs = clock.now();

    await expect(idsOf(client, true)).rejects.toMatchObject({ status: 500 });

    expect(clock.now() - startedAtMs).toBeLessThan(30_000);
  });

  it('because the org does not respond to them in time is given up after one try of each size', async () => {
    const org = await fakeOrg((response, { url }) => {
      if (url.includes('/users/me')) sendJson(response, 200, userBody('me@example.com', '00ume'));
    });
    const client = clientFor(org.url, { requestTimeoutMs: 300 });

    await expect(idsOf(client)).rejects.toMatchObject({ reason: 'TimeoutError' });

    const sizes = org.requests.flatMap(({ url }) => /limit=(\d+)/.exec(url)?.[1] ?? []);
    expect(sizes).toEqual(['50', '10']);
  });

  it('names no search syntax when it broke off after its first page', async () => {
    const org = await listedOrg(({ after }) => (after > 0 ? 400 : undefined));

    await expect(idsOf(clientFor(org.url, { clock: systemClock }))).rejects.toMatchObject({
      errorCode: 'E0000031',
      hint: expect.not.stringContaining('profile.department'),
    });
  });
});
