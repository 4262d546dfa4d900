import type { OktaClient } from '../okta/client.js';

/** The org as people know it. */
export interface OrgBrand {
  /** Where people sign in. */
  readonly url: string;
  /** The name of the company, or else the host of the org. */
  readonly name: string;
  /** URL of the logo. */
  readonly logo: string | undefined;
}

/** Reads name and logo of the org, as far as the credentials allow. Never throws but for the signal. */
export async function readOrgBrand(client: OktaClient, signal: AbortSignal): Promise<OrgBrand> {
  const optional = async <T>(read: Promise<T | undefined>): Promise<T | undefined> =>
    read.catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
  const name = await optional(companyName(client, signal));
  const logo = await optional(logoOf(client, signal));
  const isShown = logo !== undefined && logo.startsWith('https://');
  return { url: client.orgUrl, name: name ?? new URL(client.orgUrl).host, logo: isShown ? logo : undefined };
}

/** Org settings, "Retrieve the Org general settings". */
async function companyName(client: OktaClient, signal: AbortSignal): Promise<string | undefined> {
  return textIn(await client.readResource('/api/v1/org', { signal }), 'companyName');
}

/** The logo of the org's first brand. Brands, "List all brands"; Themes, "List all themes". */
async function logoOf(client: OktaClient, signal: AbortSignal): Promise<string | undefined> {
  const brands = await client.readResource('/api/v1/brands', { signal });
  const id = textIn(firstOf(brands), 'id');
  if (id === undefined) return undefined;
  const path = `/api/v1/brands/${encodeURIComponent(id)}/themes`;
  return textIn(firstOf(await client.readResource(path, { signal })), 'logo');
}

function firstOf(body: unknown): unknown {
  return Array.isArray(body) ? body[0] : undefined;
}

function textIn(body: unknown, name: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
