/** Hosts to which http may be spoken: nothing leaves the machine. */
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Okta's own domains: orgs live one name below them (auth.md, "Org URL"; Okta for Government). */
const OKTA_DOMAINS = ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com', 'okta.mil'] as const;

/** Okta's websites, which are no org. */
const WEBSITES = new Set(['www', 'login', 'developer', 'help', 'support', 'status', 'trust']);

/** What a text that was meant as an org's address turned out to be. */
export type ParsedOrgUrl =
  | { readonly kind: 'ok'; readonly origin: string; readonly warnings: readonly string[] }
  | { readonly kind: 'wrong'; readonly problem: string };

/**
 * The origin that was meant, and the usual mistakes by name (auth.md, "Org URL").
 *
 * @param setting - where the text comes from, for words about it.
 * @param customDomain - `true`, or the host itself: whoever set it vouches for a host that is not one of Okta's.
 */
export function parseOrgUrl(value: string, setting: string, customDomain: string | undefined): ParsedOrgUrl {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  const text = hasScheme ? value : `https://${value}`;
  if (/[{}<>]|yourOktaDomain|your-?domain/i.test(value)) {
    return wrong(`${setting} is "${value}", the placeholder of an example: put in your org's own address.`);
  }
  if (!URL.canParse(text)) {
    return wrong(`${setting} is "${value}", which is not a URL: it looks like https://acme.okta.com.`);
  }
  const url = new URL(text);
  const host = url.hostname.replace(/\.$/, '');
  if (url.username !== '' || url.password !== '') {
    return wrong(`${setting} holds a user name or password, which Okta does not use: leave them out.`);
  }
  const isLoopback = LOOPBACK.test(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return wrong(
      `${setting} is "${value}": the token may travel by https only (http only to this machine itself).`,
    );
  }
  const port = url.port === '' ? '' : `:${url.port}`;
  const domain = OKTA_DOMAINS.find((known) => host === known || host.endsWith(`.${known}`));
  const tenant = domain === undefined ? '' : host.slice(0, -domain.length - 1);
  if (domain !== undefined && tenant.endsWith('-admin')) {
    const api = `https://${tenant.slice(0, -'-admin'.length)}.${domain}${port}`;
    return wrong(`${setting} is the Admin Console's address: the API is at ${api}.`);
  }
  if (domain !== undefined && (tenant === '' || WEBSITES.has(tenant))) {
    return wrong(
      `${setting} is "${value}", a website of Okta's and no org: an org is at https://acme.${domain}.`,
    );
  }
  if (domain === undefined && !isLoopback) {
    const problem = problemOfForeignHost(host, setting, customDomain);
    if (problem !== undefined) return wrong(problem);
  }

  const origin = `${url.protocol}//${host}${port}`;
  const warnings: string[] = [];
  if (!hasScheme) warnings.push(`${setting} is "${value}", without https://: taken as ${origin}.`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    warnings.push(
      `${setting} is "${value}", with a path that is no part of an org's URL: taken as ${origin}.`,
    );
  }
  return { kind: 'ok', origin, warnings };
}

function wrong(problem: string): ParsedOrgUrl {
  return { kind: 'wrong', problem };
}

function problemOfForeignHost(
  host: string,
  setting: string,
  customDomain: string | undefined,
): string | undefined {
  const vouched = customDomain?.toLowerCase();
  if (vouched === 'true' || vouched === '1' || vouched === 'yes' || vouched === host) return undefined;
  if (!host.includes('.')) {
    return `${setting} names the host "${host}", which is no address of an org. Is it https://${host}.okta.com?`;
  }
  const looks = /[o0]kta|xn--/i.test(host) ? ' although it looks like one' : '';
  return (
    `${setting} names the host ${host}, which is not one of Okta's (${OKTA_DOMAINS.join(', ')})${looks}: the token would be its owner's to use. ` +
    `If it is your org's custom domain, say so once: add --custom-domain, or set OKTA_CLIENT_CUSTOMDOMAIN=${host}.`
  );
}
