import { describe, expect, it, onTestFinished } from 'vitest';

import type { Whoami } from '../../src/cli/whoami-text.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { fastClock } from '../helpers/fast-clock.js';
import { cli } from '../helpers/in-process-cli.js';
import {
  interceptedOrg,
  json,
  oktaError,
  type Interceptor,
  type OrgResponse,
} from '../helpers/intercepted-org.js';
import { workplace } from '../helpers/workplace.js';

const FORBIDDEN = oktaError(403, 'E0000006', 'You do not have permission to perform the requested action');

function page(status: number): OrgResponse {
  return { status, headers: { 'content-type': 'text/html' }, text: '<!doctype html><title>No</title>' };
}

async function whoamiAt(
  intercept: Interceptor,
): Promise<{ exitCode: number | null; found: Whoami; text: string }> {
  const okta = await startSandbox({ rateLimits: false });
  onTestFinished(() => okta.close());
  const { url } = await interceptedOrg(okta, intercept);
  const options = { at: workplace(), env: orgSettings({ url, token: okta.token }) };
  const { exitCode, stdout } = await cli(['whoami', '--json'], options);
  const { stdout: text } = await cli(['whoami'], options);
  return { exitCode, found: JSON.parse(stdout) as Whoami, text };
}

describe('whoami exits with 1 when nothing works:', () => {
  it.each<[string, Interceptor]>([
    ['a web page with 404 for every request', () => page(404)],
    ['404 with an error object of another API', () => json(404, { message: 'no route' })],
    ['403 E0000006 for every request', () => FORBIDDEN],
    ['a web page with 403 for every request', () => page(403)],
    [
      '403 for every request but that for the own user',
      ({ path }) => (path.endsWith('/me') ? undefined : FORBIDDEN),
    ],
    [
      '403 for some requests and 404 for the others',
      ({ path }) => (path.includes('/users') ? FORBIDDEN : page(404)),
    ],
  ])('%s', async (_, intercept) => {
    const { exitCode, found, text } = await whoamiAt(intercept);

    expect(exitCode).toBe(1);
    expect(found.rights.map(({ isGranted }) => isGranted)).not.toContain(true);
    expect(found.rights[0]).toMatchObject({ right: 'create users', isGranted: false });
    expect(text).toMatch(/create users +NO/);
  });
});

describe('whoami', () => {
  it('exits with 0 when only its own roles cannot be read', async () => {
    const { exitCode, found } = await whoamiAt(({ path }) =>
      path.endsWith('/roles') ? FORBIDDEN : undefined,
    );

    expect(exitCode).toBe(0);
    expect(found.rights[0]).toMatchObject({ right: 'create users', isGranted: null });
  });

  it('goes on when the org answers the listing with 500 every time', async () => {
    const okta = await startSandbox({
      rateLimits: false,
      faults: [{ on: 'listUsers', query: { search: false }, then: 'status-500' }],
    });
    onTestFinished(() => okta.close());
    const options = { at: workplace(), env: orgSettings(okta), clock: fastClock() };

    const { exitCode, stdout } = await cli(['whoami', '--json'], options);

    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as Whoami).rights.map(({ right, isGranted }) => [right, isGranted])).toEqual([
      ['create users', true],
      ['read users', null],
      ['read by login', true],
      ['read attributes', true],
      ['read user types', true],
      ['read groups', true],
    ]);
  });

  it.each<[string, OrgResponse]>([
    ['a web page', page(200)],
    ['something else than a list', json(200, { users: [] })],
    ['users without a profile', json(200, [{ id: '00u1', status: 'ACTIVE' }])],
    ['rejected', oktaError(400, 'E0000031', 'Invalid search criteria.')],
  ])('continues when the listing is %s', async (_, response) => {
    const okta = await startSandbox({ rateLimits: false });
    onTestFinished(() => okta.close());
    const { url } = await interceptedOrg(okta, ({ path }) =>
      path === '/api/v1/users' ? response : undefined,
    );
    const env = orgSettings({ url, token: okta.token });

    const { exitCode, stdout } = await cli(['whoami', '--json'], {
      at: workplace(),
      env,
      clock: fastClock(),
    });

    expect(exitCode).toBe(0);
    const { problem, rights } = JSON.parse(stdout) as Whoami;
    expect(problem).toBeNull();
    expect(rights).toContainEqual({
      right: 'read users',
      isGranted: null,
      because: expect.stringMatching(/^GET \/api\/v1\/users (?:returned 200, but|failed with 400 E0000031)/),
    });
    expect(rights).toContainEqual({ right: 'read groups', isGranted: true, because: 'tested' });
  });

  it('names the deactivated owner of the token as a cause of 403 E0000006', async () => {
    const { text } = await whoamiAt(() => FORBIDDEN);

    expect(text).toMatch(/owner|owns/);
    expect(text).toContain('deactivated');
  });

  it('tries a read by login, and reports what it would take to make that work', async () => {
    const invalidProof = {
      status: 400,
      headers: {
        'www-authenticate': `DPoP error="invalid_dpop_proof", error_description="'htu' claim in the DPoP proof JWT is invalid."`,
        'x-okta-request-id': 'front-1',
      },
    };
    const { exitCode, found } = await whoamiAt(({ path }) => (path.includes('@') ? invalidProof : undefined));

    expect(exitCode).toBe(1);
    expect(found.rights).toContainEqual(
      expect.objectContaining({
        right: 'read by login',
        isGranted: false,
        because: expect.stringContaining('invalid_dpop_proof'),
      }),
    );
    expect(found.problem).toBeNull();
    const works = await whoamiAt(() => undefined);
    expect(works.exitCode).toBe(0);
    expect(works.found.rights).toContainEqual({ right: 'read by login', isGranted: true, because: 'tested' });
  });

  it('names the scope that is missing, from the header of the response', async () => {
    const { text } = await whoamiAt(({ path }) =>
      path === '/api/v1/groups'
        ? {
            status: 403,
            headers: {
              'www-authenticate': `Bearer authorization_uri="https://acme.okta.com/oauth2/v1/authorize", realm="https://acme.okta.com", scope="okta.groups.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/groups"`,
              'x-okta-request-id': 'front-2',
            },
          }
        : undefined,
    );

    expect(text).toMatch(/read groups +NO .*okta\.groups\.read/);
  });
});
