/** Hosts that may be reached by http: nothing leaves the machine. */
export const LOOPBACK: RegExp = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Okta's own domains: orgs are one level below them (Okta for Government has its own). */
const OKTA_DOMAINS = ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com', 'okta.mil'] as const;

/** Okta's websites, which are not orgs. */
const WEBSITES = new Set(['www', 'login', 'developer', 'help', 'support', 'status', 'trust']);

export type ParsedOrgUrl =
  | { readonly kind: 'valid'; readonly origin: string; readonly warnings: readonly string[] }
  | { readonly kind: 'invalid'; readonly problem: string };

/**
 * Parses an org URL and explains the usual mistakes.
 *
 * @param setting - where the value comes from, for messages.
 * @param customDomain - `true`, or the host itself: confirms a host that does not belong to Okta.
 */
export function parseOrgUrl(value: string, setting: string, customDomain: string | undefined): ParsedOrgUrl {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const text = hasScheme ? value : `https://${value}`;
  if (/[{}<>]|yourOktaDomain|your-?domain/i.test(value)) {
    return invalid(`${setting} is "${value}", which is a placeholder. Use the URL of your own org.`);
  }
  if (!URL.canParse(text)) {
    return invalid(`${setting} is "${value}", which is not a URL. Use the form https://acme.okta.com.`);
  }
  const url = new URL(text);
  const host = url.hostname.replace(/\.$/, '');
  if (url.username !== '' || url.password !== '') {
    return invalid(`${setting} contains a user name or password, which Okta does not use. Remove it.`);
  }
  const isLoopback = LOOPBACK.test(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return invalid(
      `${setting} is "${value}". Use https, because the token must not be sent unencrypted (http is allowed only for this machine).`,
    );
  }
  const port = url.port === '' ? '' : `:${url.port}`;
  const domain = oktaDomainOf(host);
  const tenant = domain === undefined ? '' : host.slice(0, -domain.length - 1);
  if (domain !== undefined && tenant.endsWith('-admin')) {
    const orgUrl = `https://${tenant.slice(0, -'-admin'.length)}.${domain}${port}`;
    return invalid(`${setting} is the URL of the Admin Console. Use the URL of the org: ${orgUrl}.`);
  }
  if (domain !== undefined && (tenant === '' || WEBSITES.has(tenant))) {
    return invalid(
      `${setting} is "${value}", which is a website of Okta, not an org. Use the form https://acme.${domain}.`,
    );
  }
  if (domain === undefined && !isLoopback) {
    const problem = checkForeignHost(host, setting, customDomain);
    if (problem !== undefined) return invalid(problem);
  }

  const origin = `${url.protocol}//${host}${port}`;
  const warnings: string[] = [];
  if (!hasScheme) warnings.push(`${setting} is "${value}", without https://. Using ${origin}.`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    warnings.push(`${setting} is "${value}", with a path that does not belong there. Using ${origin}.`);
  }
  return { kind: 'valid', origin, warnings };
}

/** The domain of Okta that a host belongs to; undefined for any other host. */
export function oktaDomainOf(host: string): string | undefined {
  return OKTA_DOMAINS.find((known) => host === known || host.endsWith(`.${known}`));
}

function invalid(problem: string): ParsedOrgUrl {
  return { kind: 'invalid', problem };
}

function checkForeignHost(
  host: string,
  setting: string,
  customDomain: string | undefined,
): string | undefined {
  const confirmed = customDomain?.toLowerCase();
  if (confirmed === 'true' || confirmed === '1' || confirmed === 'yes' || confirmed === host) {
    return undefined;
  }
  if (!host.includes('.')) {
    return `${setting} has the host "${host}", which is not an org. Did you mean https://${host}.okta.com?`;
  }
  const similar = /[o0]kta|xn--/i.test(host) ? ', although it looks like one that does' : '';
  return (
    `${setting} has the host ${host}, which does not belong to Okta (${OKTA_DOMAINS.join(', ')})${similar}: its owner would get your token. ` +
    `If it is your org's custom domain, add --custom-domain or set OKTA_CLIENT_CUSTOMDOMAIN=${host}.`
  );
}
