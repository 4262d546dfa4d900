import { inspect } from 'node:util';

import { expect, it } from 'vitest';

import type { SignInMethod } from '../../../src/okta/auth/authenticator.js';
import type { RequestObserver } from '../../../src/okta/http/request-observer.js';
import { ECHOES, echoingOrg, type EchoName } from '../../helpers/echoing-org.js';
import { clientFor, fakeOrg, sendJson, userBody } from '../servers.js';

const PASSWORD = 'Tr0ub4dor-9';
const ANSWER = 'Rover';
const PROOF = 'proof.of-possession-0123456789';
const TOKEN = 'access-token-0123456789';

const BODY = JSON.stringify({
  profile: { login: 'ada@example.com' },
  credentials: {
    password: { value: PASSWORD },
    recovery_question: { question: 'First pet?', answer: ANSWER },
  },
});

const withProofs: SignInMethod = () => ({
  grantedScopes: undefined,
  headersFor: () => ({ authorization: `DPoP ${TOKEN}`, dpop: PROOF }),
  observe: () => undefined,
  hintFor: () => undefined,
  close: () => {},
});

it.each(Object.keys(ECHOES) as EchoName[])(
  'no secret that a server repeats in %s gets past the transport, neither in a result or an error nor to an observer',
  async (echo) => {
    const org = await echoingOrg(echo, { url: 'http://127.0.0.1:1' });
    const seen: unknown[] = [];
    const see = (...things: unknown[]): void => void seen.push(things);
    const observer: RequestObserver = {
      responded: see,
      failed: see,
      retried: see,
      waitStarted: see,
      waitEnded: see,
    };
    const client = clientFor(org.url, { signIn: withProofs, observer });
    const result: unknown = await client
      .createUser(BODY, { activate: false })
      .catch((error: unknown) => error);
    const text = inspect([result, seen], { depth: 20, showHidden: true, maxStringLength: Infinity });

    expect(org.echoes()).toBe(1);
    expect([PASSWORD, ANSWER, PROOF, TOKEN].filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 12));
  },
);

it('a user whose profile repeats the password because the row does is returned unchanged', async () => {
  const login = `${PASSWORD.toLowerCase()}@example.com`;
  const body = JSON.stringify({
    profile: { login, employeeNumber: PASSWORD },
    credentials: { password: { value: PASSWORD } },
  });
  const user = { ...userBody(login), profile: { login, employeeNumber: PASSWORD } };
  const org = await fakeOrg((response) => sendJson(response, 200, user));

  expect(await clientFor(org.url).createUser(body, { activate: false })).toMatchObject({ user });
});
