/** Okta's own domains, on which the Admin Console of `acme` is at `acme-admin` (auth.md, "Org URL"). */
const OWN_DOMAINS = ['okta.com', 'oktapreview.com', 'okta-emea.com', 'okta-gov.com', 'okta.mil'];

/**
 * Where a user is shown in the org's Admin Console, to be followed by the user's id.
 *
 * @param org - the org's URL; null offline.
 * @returns null where it is not known: under a custom domain, for the sandbox, offline.
 */
export function userLinkOf(org: string | null): string | null {
  if (org === null || !URL.canParse(org)) return null;
  const { protocol, hostname, port } = new URL(org);
  if (protocol !== 'https:' || port !== '') return null;
  const domain = OWN_DOMAINS.find((own) => hostname.endsWith(`.${own}`));
  const name = domain === undefined ? '' : hostname.slice(0, -domain.length - 1);
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) || name.endsWith('-admin')) return null;
  return `https://${name}-admin.${domain}/admin/user/profile/view/`;
}
