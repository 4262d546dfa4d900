import { expect, it } from 'vitest';

import { withoutSecrets } from '../../src/engine/plan-estimate.js';

const profile = { login: 'ada@example.com' };

it.each([
  [{ password: { value: 'Correct-Horse-7' } }, { password: { value: '[redacted]' } }],
  [
    { password: { hash: { algorithm: 'MD5', value: 'abc', salt: 'def', saltOrder: 'PREFIX' } } },
    {
      password: { hash: { algorithm: 'MD5', value: '[redacted]', salt: '[redacted]', saltOrder: 'PREFIX' } },
    },
  ],
  [{ password: { hook: { type: 'default' } } }, { password: { hook: { type: 'default' } } }],
  [
    { recovery_question: { question: 'First car?', answer: 'A green Mini' } },
    { recovery_question: { question: 'First car?', answer: '[redacted]' } },
  ],
])('hides the secrets in %j', (credentials, shown) => {
  expect(withoutSecrets({ profile, credentials })).toEqual({ profile, credentials: shown });
});

it('leaves a request without credentials unchanged', () => {
  expect(withoutSecrets({ profile })).toEqual({ profile });
});
