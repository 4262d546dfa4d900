import { describe, expect, it } from 'vitest';

import { parseOrgUrl } from '../../src/settings/org-url.js';

describe('an org URL', () => {
  it.each([
    ['https://acme.okta.com', 'https://acme.okta.com'],
    ['https://ACME.okta.com/', 'https://acme.okta.com'],
    ['https://acme.okta.com.', 'https://acme.okta.com'],
    ['https://acme.oktapreview.com', 'https://acme.oktapreview.com'],
    ['https://acme.okta-emea.com', 'https://acme.okta-emea.com'],
    ['https://acme.okta-gov.com', 'https://acme.okta-gov.com'],
    ['https://acme.okta.mil', 'https://acme.okta.mil'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is one', (value, origin) => {
    expect(parseOrgUrl(value, 'X', undefined)).toEqual({ kind: 'ok', origin, warnings: [] });
  });

  it.each([
    ['acme.okta.com', 'without https://'],
    ['https://acme.okta.com/oauth2/default', 'with a path'],
    ['https://acme.okta.com/?x', 'with a path'],
  ])('%s is understood, and pointed out', (value, words) => {
    const read = parseOrgUrl(value, '--org-url', undefined);
    expect(read).toEqual({
      kind: 'ok',
      origin: 'https://acme.okta.com',
      warnings: [expect.stringContaining(words)],
    });
  });

  it.each([
    ['https://acme-admin.okta.com', 'the API is at https://acme.okta.com'],
    ['https://acme-admin.okta-emea.com', 'the API is at https://acme.okta-emea.com'],
    ['https://{yourOktaDomain}', 'placeholder'],
    ['http://acme.okta.com', 'https only'],
    ['http://127.0.0.1.evil.example', 'https only'],
    ['ftp://acme.okta.com', 'https only'],
    ['https://', 'not a URL'],
    ['https://user:word@acme.okta.com', 'user name or password'],
    ['https://www.okta.com', 'website'],
    ['https://okta.com', 'website'],
    ['https://acme', 'Is it https://acme.okta.com?'],
    ['https://acme.okta.com.evil.example', 'although it looks like one'],
    ['https://acme-okta.com', 'although it looks like one'],
    ['https://acme.0kta.com', 'although it looks like one'],
    ['https://acme.\u043ekta.com', 'although it looks like one'],
    ['https://login.example.com', 'add --custom-domain, or set OKTA_CLIENT_CUSTOMDOMAIN=login.example.com'],
  ])('%s is none', (value, words) => {
    const read = parseOrgUrl(value, '--org-url', undefined);
    expect(read).toEqual({ kind: 'wrong', problem: expect.stringContaining(words) });
    expect(read).toHaveProperty('problem', expect.stringContaining('--org-url'));
  });

  it.each([
    ['true', 'ok'],
    ['login.example.com', 'ok'],
    ['other.example.com', 'wrong'],
    ['false', 'wrong'],
  ])('of a custom domain is vouched for by %s: %s', (customDomain, kind) => {
    expect(parseOrgUrl('https://login.example.com', 'X', customDomain)).toMatchObject({ kind });
  });
});
