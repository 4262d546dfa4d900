import { inspect } from 'node:util';

import { expect, it } from 'vitest';

import { Secret } from '../src/secret.js';

const TOKEN = 'not-a-real-token';

it('a secret is never printed', () => {
  const secret = new Secret(TOKEN);
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    secret + '',
    JSON.stringify(Object.entries(secret)),
  ];

  expect(shown.join('\n')).not.toContain(TOKEN);
  expect(secret.reveal()).toBe(TOKEN);
});
