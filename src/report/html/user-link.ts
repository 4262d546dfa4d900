/** Okta's own domains, where the Admin Console of `acme` is at `acme-admin`. */
const OKTA_DOMAINS = ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com', 'okta.mil'];

/**
 * URL of users in the org's Admin Console, without the user's ID at the end.
 *
 * @param org - the org's URL; null if offline.
 * @returns null if unknown: for a custom domain, the sandbox, or offline.
 */
export function userLinkOf(org: string | null): string | null {
  if (org === null || !URL.canParse(org)) return null;
  const { protocol, hostname, port } = new URL(org);
  if (protocol !== 'https:' || port !== '') return null;
  const domain = OKTA_DOMAINS.find((oktaDomain) => hostname.endsWith(`.${oktaDomain}`));
  const name = domain === undefined ? '' : hostname.slice(0, -domain.length - 1);
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) || name.endsWith('-admin')) return null;
  return `https://${name}-admin.${domain}/admin/user/profile/view/`;
}
