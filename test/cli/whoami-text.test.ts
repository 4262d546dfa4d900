import { expect, it } from 'vitest';

import { whoamiText, type Whoami } from '../../src/cli/whoami-text.js';

it('aligns the table of settings, whatever their length', () => {
  const long = `/somewhere/${'x'.repeat(60)}`;
  const whoami: Whoami = {
    org: null,
    settings: [
      { name: 'orgUrl', value: 'https://acme.okta.com', from: '--org-url' },
      { name: 'nodeExtraCaCerts', value: '/etc/pki/company/company-root.pem', from: 'NODE_EXTRA_CA_CERTS' },
      { name: 'sslCertFile', value: long, from: 'SSL_CERT_FILE' },
      { name: 'nodeTlsRejectUnauthorized', value: '1', from: 'NODE_TLS_REJECT_UNAUTHORIZED' },
    ],
    signIn: { mode: null, clientId: null, login: null, oktaId: null, roles: null, scopes: null },
    rights: [],
    rateLimits: [],
    clock: null,
    problem: null,
  };

  const lines = whoamiText(whoami, 1).split('\n').slice(3);

  // A very long value moves only its own source.
  expect(lines).toEqual([
    '  orgUrl                     https://acme.okta.com                     --org-url',
    '  nodeExtraCaCerts           /etc/pki/company/company-root.pem         NODE_EXTRA_CA_CERTS',
    `  sslCertFile                ${long}  SSL_CERT_FILE`,
    '  nodeTlsRejectUnauthorized  1                                         NODE_TLS_REJECT_UNAUTHORIZED',
  ]);
});
