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
  ])('%s is valid', (value, origin) => {
    expect(parseOrgUrl(value, 'X', undefined)).toEqual({ kind: 'valid', origin, warnings: [] });
  });

  it.each([
    ['acme.okta.com', 'without https://'],
    ['https://acme.okta.com/oauth2/default', 'with a path'],
    ['https://acme.okta.com/?x', 'with a path'],
  ])('%s is accepted with a warning', (value, message) => {
    const parsed = parseOrgUrl(value, '--org-url', undefined);
    expect(parsed).toEqual({
      kind: 'valid',
      origin: 'https://acme.okta.com',
      warnings: [expect.stringContaining(message)],
    });
  });

  it.each([
    ['https://acme-admin.okta.com', 'Use the URL of the org: https://acme.okta.com.'],
    ['https://acme-admin.okta-emea.com', 'Use the URL of the org: https://acme.okta-emea.com.'],
    ['https://{yourOktaDomain}', 'placeholder'],
    ['http://acme.okta.com', 'Use https'],
    ['http://127.0.0.1.evil.example', 'Use https'],
    ['ftp://acme.okta.com', 'Use https'],
    ['https://', 'not a URL'],
    ['https://user:word@acme.okta.com', 'user name or password'],
    ['https://www.okta.com', 'website'],
    ['https://okta.com', 'website'],
    ['https://acme', 'Did you mean https://acme.okta.com?'],
    ['https://acme.okta.com.evil.example', 'although it looks like one'],
    ['https://acme-okta.com', 'although it looks like one'],
    ['https://acme.0kta.com', 'although it looks like one'],
    ['https://acme.\u043ekta.com', 'although it looks like one'],
    ['https://login.example.com', 'add --custom-domain or set OKTA_CLIENT_CUSTOMDOMAIN=login.example.com'],
  ])('%s is invalid', (value, message) => {
    const parsed = parseOrgUrl(value, '--org-url', undefined);
    expect(parsed).toEqual({ kind: 'invalid', problem: expect.stringContaining(message) });
    expect(parsed).toHaveProperty('problem', expect.stringContaining('--org-url'));
  });

  it.each([
    ['true', 'valid'],
    ['login.example.com', 'valid'],
    ['other.example.com', 'invalid'],
    ['false', 'invalid'],
  ])('with a custom domain, confirmed by %s, is %s', (customDomain, kind) => {
    expect(parseOrgUrl('https://login.example.com', 'X', customDomain)).toMatchObject({ kind });
  });
});
