import { once } from 'node:events';
import { Writable } from 'node:stream';

import { describe, expect, it, onTestFinished } from 'vitest';

import { listUsers, type ListFlags } from '../../src/cli/list-users.js';
import { scopes } from '../../src/cli/scopes.js';
import { loadOrg } from '../../src/settings/load.js';
import { loadRequestSettings } from '../../src/settings/requests.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { commandContext } from '../helpers/command-context.js';

const REQUESTS = loadRequestSettings({
  concurrency: 2,
  rateLimitShare: 1,
  requestTimeout: 30,
  giveUpAfter: 30,
});
const PAGE = 200;
const USERS = 20 * PAGE;

async function crowd(): Promise<Sandbox> {
  const okta = await startSandbox({
    rateLimits: false,
    seed: {
      // The owner of the token is the first of them.
      users: Array.from({ length: USERS - 1 }, (_, index) => {
        const login = `n${index}@example.com`;
        return { profile: { login, email: login, firstName: 'Number', lastName: String(index) } };
      }),
    },
  });
  onTestFinished(() => okta.close());
  return okta;
}

async function flags(okta: Sandbox, more: Partial<ListFlags> = {}): Promise<ListFlags> {
  return {
    q: undefined,
    search: undefined,
    filter: undefined,
    limit: undefined,
    format: 'ndjson',
    columns: undefined,
    org: await loadOrg({}, orgSettings(okta), scopes.read),
    requests: REQUESTS,
    ...more,
  };
}

function pagesAskedFor(okta: Sandbox): number {
  return okta.ledger.requests({ operation: 'listUsers' });
}

/** Takes one line at a time. */
function slowReader(onLine: (line: string) => void | Promise<void>): Writable {
  return new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write(chunk: string, _, done) {
      void Promise.resolve(onLine(chunk)).then(() => setImmediate(done), done);
    },
  });
}

describe('a list that is read slowly', () => {
  it.each(['ndjson', 'json', 'csv', 'table'] as const)(
    'asks for a page when the one before it has been read, as %s',
    async (format) => {
      const okta = await crowd();
      let read = 0;
      let farthestAhead = 0;
      const stdout = slowReader(() => {
        read += 1;
        farthestAhead = Math.max(farthestAhead, pagesAskedFor(okta) - Math.ceil(read / PAGE));
      });

      const exitCode = await listUsers(await flags(okta, { format }), commandContext({ stdout }));
      stdout.end();
      await once(stdout, 'finish');

      expect(exitCode).toBe(0);
      expect(read).toBeGreaterThanOrEqual(USERS);
      // A table measures its first page before it writes it; reading is never more than a page ahead.
      expect(farthestAhead).toBeLessThanOrEqual(1);
      expect(pagesAskedFor(okta)).toBe(USERS / PAGE);
    },
  );

  it('ends at an interrupt even if the reader is stalled', async () => {
    const okta = await crowd();
    const stdout: Writable = slowReader(() => {
      stdout.emit('stalled');
      return new Promise(() => {});
    });
    const context = commandContext({ stdout });

    const hasStalled = once(stdout, 'stalled');
    const listing = listUsers(await flags(okta), context);
    listing.catch(() => {});
    await hasStalled;
    context.interrupt('SIGINT');

    await expect(listing).rejects.toMatchObject({ code: 'ERR_STOPPED', exitCode: 130 });
    expect(pagesAskedFor(okta)).toBe(1);
  });
});

describe('a list whose reader exits', () => {
  it.each(['EPIPE', 'ERR_STREAM_DESTROYED'])(
    'ends quietly on %s, and asks for no more pages',
    async (code) => {
      const okta = await crowd();
      let read = 0;
      const stdout = new Writable({
        decodeStrings: false,
        highWaterMark: 1,
        write(_chunk, _encoding, done) {
          read += 1;
          done(read <= 250 ? null : Object.assign(new Error('gone'), { code }));
        },
      });
      const context = commandContext({ stdout });

      expect(await listUsers(await flags(okta), context)).toBe(0);
      expect(context.printed.stderr).toBe('');
      expect(pagesAskedFor(okta)).toBe(2);
    },
  );

  it('ends quietly when the stream was closed', async () => {
    const okta = await crowd();
    let read = 0;
    const stdout: Writable = slowReader(() => {
      read += 1;
      if (read === 250) stdout.destroy();
    });

    expect(await listUsers(await flags(okta), commandContext({ stdout }))).toBe(0);
    expect(pagesAskedFor(okta)).toBe(2);
  });

  it('fails with any other error of the stream, such as a full disk', async () => {
    const okta = await crowd();
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
      },
    });

    await expect(listUsers(await flags(okta), commandContext({ stdout }))).rejects.toThrow('no space left');
  });
});

it('warns that -q may not list all users', async () => {
  const context = commandContext();

  expect(await listUsers(await flags(await crowd(), { q: 'Number' }), context)).toBe(0);
  expect(context.printed.stderr).toContain(
    'Okta returns at most 200 users for -q. There may be more; use --search instead.',
  );
});

describe('an org whose schema may not be read', () => {
  it.each([
    [undefined, '\uFEFF_id,_status,login,'],
    [['login', 'badge'], '\uFEFFlogin,profile.badge\r\n'],
  ])('is listed all the same, with the columns %j', async (columns, header) => {
    const okta = await startSandbox({
      faults: [{ on: 'getUserSchema', then: 'okta-error', errorCode: 'E0000006' }],
    });
    onTestFinished(() => okta.close());
    const context = commandContext();

    expect(await listUsers(await flags(okta, { format: 'csv', columns }), context)).toBe(0);
    expect(context.printed.stdout.startsWith(header)).toBe(true);
    expect(context.printed.stderr).toContain('E0000006');
  });
});
