/** The names of a setting in each layer. */
export interface SettingNames {
  readonly flag?: string;
  /** Environment variables; the first one wins, that of Okta's SDKs. */
  readonly env: readonly string[];
  /** Keys below `okta.client` in okta.yaml. */
  readonly yaml: readonly string[];
  readonly isSecret?: true;
}

/**
 * Every setting of the org, by the names of Okta's SDKs (`okta.client.orgUrl` is `OKTA_CLIENT_ORGURL`), then those of
 * Okta's Terraform provider. `layers.ts` reads `OKTA_ORG_NAME` and `OKTA_BASE_URL`, which together are one setting.
 */
export const SETTINGS = {
  orgUrl: { flag: '--org-url', env: ['OKTA_CLIENT_ORGURL', 'OKTA_ORG_URL'], yaml: ['orgUrl'] },
  customDomain: {
    flag: '--custom-domain',
    env: ['OKTA_CLIENT_CUSTOMDOMAIN'],
    yaml: ['customDomain'],
  },
  authorizationMode: { env: ['OKTA_CLIENT_AUTHORIZATIONMODE'], yaml: ['authorizationMode'] },
  token: { env: ['OKTA_CLIENT_TOKEN', 'OKTA_API_TOKEN'], yaml: ['token'], isSecret: true },
  tokenFile: { env: ['OKTA_CLIENT_TOKENFILE'], yaml: ['tokenFile'] },
  accessToken: { env: ['OKTA_ACCESS_TOKEN'], yaml: ['accessToken'], isSecret: true },
  clientId: { env: ['OKTA_CLIENT_CLIENTID', 'OKTA_API_CLIENT_ID'], yaml: ['clientId'] },
  scopes: { env: ['OKTA_CLIENT_SCOPES', 'OKTA_API_SCOPES'], yaml: ['scopes'] },
  privateKey: {
    env: ['OKTA_CLIENT_PRIVATEKEY', 'OKTA_API_PRIVATE_KEY'],
    yaml: ['privateKey'],
    isSecret: true,
  },
  keyId: {
    env: ['OKTA_CLIENT_KEYID', 'OKTA_CLIENT_PRIVATEKEYID', 'OKTA_API_PRIVATE_KEY_ID'],
    yaml: ['keyId', 'privateKeyId'],
  },
  ca: { flag: '--ca', env: [], yaml: [] },
  // Given other certificates, Node ignores the ones from here.
  nodeExtraCaCerts: { env: ['NODE_EXTRA_CA_CERTS'], yaml: [] },
  sslCertFile: { env: ['SSL_CERT_FILE'], yaml: [] },
  nodeTlsRejectUnauthorized: { env: ['NODE_TLS_REJECT_UNAUTHORIZED'], yaml: [] },
  proxyHost: { env: ['OKTA_CLIENT_PROXY_HOST'], yaml: ['proxy.host'] },
  proxyPort: { env: ['OKTA_CLIENT_PROXY_PORT'], yaml: ['proxy.port'] },
  proxyUsername: { env: ['OKTA_CLIENT_PROXY_USERNAME'], yaml: ['proxy.username'] },
  proxyPassword: { env: ['OKTA_CLIENT_PROXY_PASSWORD'], yaml: ['proxy.password'], isSecret: true },
  // Lower case first, as in curl and undici. May contain a password.
  httpsProxy: { env: ['https_proxy', 'HTTPS_PROXY'], yaml: ['httpsProxy'], isSecret: true },
  noProxy: { env: ['no_proxy', 'NO_PROXY'], yaml: [] },
} as const satisfies Record<string, SettingNames>;

export type SettingName = keyof typeof SETTINGS;

/** Settings that are never shown. */
export type SecretName = {
  [Name in SettingName]: (typeof SETTINGS)[Name] extends { isSecret: true } ? Name : never;
}[SettingName];

export function isSecretName(name: SettingName): name is SecretName {
  return 'isSecret' in SETTINGS[name];
}

/** Whether a text is a key, not the path of a key file. */
export function isKeyText(text: string): boolean {
  return /^\s*(\{|-----BEGIN)/.test(text);
}

/** Keys of okta.yaml that only other programs read: no reason for a warning. */
export const FOREIGN_YAML_KEYS = [
  'cache',
  'clientAssertion',
  'connectionTimeout',
  'oauthTokenEndpoint',
  'rateLimit',
  'requestTimeout',
  'userAgent',
  'userAgentExtra',
] as const;
