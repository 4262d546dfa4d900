import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { expect, it } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import type { Environment } from '../../src/settings/layers.js';
import type { OrgFlags } from '../../src/settings/load.js';
import { commandContext } from '../helpers/command-context.js';
import { load, machine, problemOf, TOKEN, yaml } from './machine.js';

const ORG = 'https://login.acme.example';
const PLANTED = { orgUrl: ORG, customDomain: 'login.acme.example' };

it.each<[what: string, files: Record<string, string>, env: Environment]>([
  ['the token is in the environment', { 'okta.yaml': yaml(PLANTED) }, { OKTA_CLIENT_TOKEN: TOKEN }],
  ['the file is hidden', { '.okta.yaml': yaml(PLANTED) }, { OKTA_CLIENT_TOKEN: TOKEN }],
  [
    'the token is in the home folder',
    {
      'okta.yaml': yaml(PLANTED),
      '~/.okta/okta.yaml': yaml({ token: TOKEN, orgUrl: 'https://acme.okta.com' }),
    },
    {},
  ],
  [
    'the environment accepts any custom domain',
    { 'okta.yaml': yaml({ orgUrl: ORG }) },
    { OKTA_CLIENT_TOKEN: TOKEN, OKTA_CLIENT_CUSTOMDOMAIN: 'true' },
  ],
  [
    'the host is this machine, where anybody can listen',
    { 'okta.yaml': yaml({ orgUrl: 'http://127.0.0.1:8080' }) },
    { OKTA_CLIENT_TOKEN: TOKEN },
  ],
])('refuses to send credentials to a host that only ./okta.yaml names: %s', async (_, files, env) => {
  const error = await problemOf({ ...machine(files), ...env });

  expect(error).toMatchObject({ code: 'ERR_SETTINGS', exitCode: 2 });
  expect(error.message).toContain('which does not belong to Okta');
  expect(error.message).toContain('okta.client.orgUrl in ./');
  expect(error.hint).toContain('add --org-url http');
});

it('refuses it also when ./okta.yaml names a token file elsewhere, directly or through a link', async () => {
  const env = machine({ 'token.txt': TOKEN, '~/token': TOKEN });
  const home = env['HOME'] ?? '';
  const work = join(home, '..', 'work');
  symlinkSync(join(home, 'token'), join(work, 'link'));
  mkdirSync(join(work, 'secrets'));
  writeFileSync(join(work, 'secrets', 'token'), TOKEN, { mode: 0o600 });
  const plant = (tokenFile: string): void =>
    writeFileSync(join(work, 'okta.yaml'), yaml({ ...PLANTED, tokenFile }));

  for (const elsewhere of [join(home, 'token'), '../home/token', 'link']) {
    plant(elsewhere);
    expect((await problemOf(env)).message).toContain('which does not belong to Okta');
  }
  plant('secrets/token');
  expect((await load(env)).orgUrl).toBe(ORG);
});

it.each<[what: string, files: Record<string, string>, env: Environment, flags?: OrgFlags]>([
  ['both are in ./okta.yaml', { 'okta.yaml': yaml({ ...PLANTED, token: TOKEN }) }, {}],
  ['both are in the home folder', { '~/.okta/okta.yaml': yaml({ ...PLANTED, token: TOKEN }) }, {}],
  [
    'both are in the environment',
    {},
    { OKTA_CLIENT_ORGURL: ORG, OKTA_CLIENT_CUSTOMDOMAIN: 'true', OKTA_CLIENT_TOKEN: TOKEN },
  ],
  [
    'the org is in the home folder and the token in the environment',
    { '~/.okta/okta.yaml': yaml(PLANTED) },
    { OKTA_CLIENT_TOKEN: TOKEN },
  ],
  ['the flag names the org', { 'okta.yaml': yaml(PLANTED) }, { OKTA_CLIENT_TOKEN: TOKEN }, { orgUrl: ORG }],
  [
    'the environment names the custom domain',
    { 'okta.yaml': yaml({ orgUrl: ORG }) },
    { OKTA_CLIENT_TOKEN: TOKEN, OKTA_CLIENT_CUSTOMDOMAIN: 'login.acme.example' },
  ],
  [
    'an environment file that is named has the token and the org',
    { '.env': `OKTA_CLIENT_ORGURL=${ORG}\nOKTA_CLIENT_CUSTOMDOMAIN=true\nOKTA_CLIENT_TOKEN=${TOKEN}\n` },
    {},
    { envFile: '.env' },
  ],
])('does not ask when %s', async (_, files, env, flags = {}) => {
  expect((await load({ ...machine(files), ...env }, flags)).orgUrl).toBe(ORG);
});

it('does not ask about an org of Okta, which gives no credentials away', async () => {
  const files = { 'okta.yaml': yaml({ orgUrl: 'https://acme.okta.com' }) };
  const { orgUrl } = await load({ ...machine(files), OKTA_CLIENT_TOKEN: TOKEN });

  expect(orgUrl).toBe('https://acme.okta.com');
});

it('refuses such a host of the home folder, too, but not this machine: nobody else puts a sandbox there', async () => {
  const env = machine({ 'okta.yaml': yaml(PLANTED) });
  const atHome = { ...env, HOME: process.cwd(), OKTA_CLIENT_TOKEN: TOKEN };
  expect((await problemOf(atHome)).message).toContain('which does not belong to Okta');

  writeFileSync(join(process.cwd(), 'okta.yaml'), yaml({ orgUrl: 'http://127.0.0.1:8080' }));
  expect((await load(atHome)).orgUrl).toBe('http://127.0.0.1:8080');
});

it.each([
  ['yes', 'has not responded', 3],
  ['no', 'Nothing was changed, because the answer was not yes.', 2],
])('asks at a terminal, and %s decides', async (answer, text, expectedCode) => {
  const files = { 'okta.yaml': yaml({ orgUrl: 'http://127.0.0.1:1' }) };
  const env = { ...machine(files), OKTA_CLIENT_TOKEN: TOKEN };
  const context = commandContext({ env });
  const exitCode = await runCommandLine(['get', 'ada@example.com', '--give-up-after', '1'], {
    ...context,
    stdin: Readable.from([Buffer.from(`${answer}\n`)]),
    canAsk: true,
  });
  const { stderr } = context.printed;

  expect(stderr).toContain('It would get the credentials of OKTA_CLIENT_TOKEN.');
  expect(stderr).toContain('Is 127.0.0.1 your org? Type yes: ');
  expect(stderr).toContain(text);
  expect(exitCode).toBe(expectedCode);
});
