import { describe, expect, it } from 'vitest';

import { userLinkOf } from '../../../src/report/html/user-link.js';

describe('the Admin Console URL', () => {
  it.each([
    ['https://acme.okta.com', 'https://acme-admin.okta.com/admin/user/profile/view/'],
    ['https://dev-123.okta.com', 'https://dev-123-admin.okta.com/admin/user/profile/view/'],
    ['https://acme.oktapreview.com', 'https://acme-admin.oktapreview.com/admin/user/profile/view/'],
    ['https://acme.okta-emea.com', 'https://acme-admin.okta-emea.com/admin/user/profile/view/'],
    ['https://acme.okta-gov.com', 'https://acme-admin.okta-gov.com/admin/user/profile/view/'],
    ['https://acme.okta.mil', 'https://acme-admin.okta.mil/admin/user/profile/view/'],
  ])('of %s is known', (org, link) => {
    expect(userLinkOf(org)).toBe(link);
  });

  it.each([
    null,
    'https://login.example.com',
    'http://127.0.0.1:8080',
    'http://acme.okta.com',
    'https://acme.okta.com:8443',
    'https://acme-admin.okta.com',
    'https://okta.com',
    'https://a.b.okta.com',
    'https://acme.okta.com.example.com',
    'https://notokta.com',
    'javascript:alert(1)//.okta.com',
    'no url',
  ])('of %s is unknown', (org) => {
    expect(userLinkOf(org)).toBeNull();
  });
});
