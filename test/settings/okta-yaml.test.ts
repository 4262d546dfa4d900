import { resolve } from 'node:path';
import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { readOktaYaml } from '../../src/settings/okta-yaml.js';
import { load, machine, problemOf, TOKEN, yaml } from './machine.js';

describe('okta.yaml', () => {
  const token = `    token: ${TOKEN}\n`;
  it.each<[string, string, string]>([
    [
      'broken YAML',
      `okta:\n  client:\n    token: ${TOKEN}: x: y\n`,
      './okta.yaml, line 3: Nested mappings are not allowed in compact mappings.',
    ],
    ['a key twice', `okta:\n  client:\n${token}${token}`, './okta.yaml, line 4: '],
    ['a value instead of keys', 'okta:\n  client: yes\n', './okta.yaml, line 2: Expected keys in client'],
  ])('%s is rejected with its line, without its values', async (_, text, message) => {
    const error = await problemOf(machine({ 'okta.yaml': text }));
    expect(error.message).toContain(message);
    expect(inspect(error)).not.toContain(TOKEN);
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      `okta:\n  client:\n    orgurl: x\n${token}`,
      './okta.yaml, line 3: unknown setting okta.client.orgurl. Did you mean "orgUrl"?',
    ],
    [
      'another top-level key',
      `client:\n${token}`,
      './okta.yaml does not begin with "okta:", so nothing in it was used.',
    ],
  ])('%s causes a warning', async (_, text, warning) => {
    const env = { ...machine({ 'okta.yaml': text }), OKTA_ORG_NAME: 'acme', OKTA_API_TOKEN: TOKEN };
    expect((await load(env)).warnings).toEqual([warning]);
  });

  it('may contain keys of other programs, and a token that looks like a number', async () => {
    const text = `okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: 00123\n    requestTimeout: 0\n    rateLimit: { maxRetries: 4 }\n    proxy: { host: null }\n`;
    const { signIn, warnings } = await load(machine({ 'okta.yaml': text }));

    expect(warnings).toEqual([]);
    expect(signIn.mode === 'SSWS' && signIn.token.reveal()).toBe('00123');
  });

  it('causes a warning when it contains a secret that others can access, and only then', async () => {
    const secret = machine({ 'okta.yaml': `okta:\n  client:\n${token}` }, 0o644);
    const path = resolve('okta.yaml');
    expect((await load({ ...secret, OKTA_ORG_NAME: 'acme' })).warnings).toEqual([
      `${path} contains a secret, but everyone on this machine can access it. Run: chmod 600 ${path}`,
    ]);
    const plain = machine({ 'okta.yaml': yaml({ orgUrl: 'https://acme.okta.com' }) }, 0o644);
    expect((await load({ ...plain, OKTA_API_TOKEN: TOKEN })).warnings).toEqual([]);
  });
});

it('an alias bomb is rejected with its line', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `l${level}: &l${level} [${
        level === 0
          ? '1'
          : Array(9)
              .fill(`*l${level - 1}`)
              .join(', ')
      }]`,
  );
  const text = [...levels, 'okta:', '  client:', '    token: *l5', ''].join('\n');

  expect(() => readOktaYaml(text, './okta.yaml')).toThrow(
    './okta.yaml, line 6: More than 20000 values, aliases included.',
  );
});
