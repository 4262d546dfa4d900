import type { OktaClient } from '../okta/client.js';
import { OktaApiError } from '../okta/errors.js';
import type { UserSchemaAttribute, UserType } from '../okta/types.js';
import { OktaImportError } from '../errors.js';
import { printable } from '../report/terminal.js';
import { Directory } from '../run/directory.js';
import type { RunDescription } from '../run/journal.js';
import { baseSchema, profileSchemaOf, type ProfileSchema } from '../schema/user-schema.js';
import { Secret } from '../secret.js';
import type { Sandbox } from '../sandbox/server.js';
import type { Connection, Org, RequestSettings } from '../settings/load.js';

import type { Surroundings } from './surroundings.js';

/** An org that can be talked to. */
export interface OpenOrg {
  readonly client: OktaClient;
  readonly url: string;
  /** Ends when the requests under way have; a sandbox's people are gone then. */
  close(): Promise<void>;
}

/** Opens the org of the settings; the sandbox is started inside the process. */
export async function openOrg(
  org: Org,
  requests: RequestSettings,
  { clock, random, version, stderr }: Surroundings,
): Promise<OpenOrg> {
  const sandbox = org.kind === 'sandbox' ? await startEmbedded(requests.concurrency) : undefined;
  const { orgUrl, signIn, network, warnings } = org.kind === 'sandbox' ? connectionTo(sandbox!) : org;
  for (const warning of warnings) stderr.write(`${printable(warning)}\n`);
  // Loaded only when wanted: an offline dry run has no use for HTTP.
  const [{ OktaClient }, { signInMethodFor }] = await Promise.all([
    import('../okta/client.js'),
    import('../okta/auth/sign-in.js'),
  ]);
  const client = new OktaClient({
    ...requests,
    orgUrl,
    signIn: await signInMethodFor(signIn),
    userAgent: `okta-csv-import/${version} node/${process.versions.node}`,
    clock,
    random,
    network,
  });
  return {
    client,
    url: orgUrl,
    async close() {
      await client.close();
      await sandbox?.close();
    },
  };
}

function connectionTo({ url, token }: Sandbox): Connection {
  return {
    orgUrl: url,
    signIn: { mode: 'SSWS', token: new Secret(token), tokenFrom: 'the sandbox' },
    network: { ca: [], proxy: undefined },
    warnings: [],
  };
}

/** What an embedded sandbox lets through a minute: it is there to be tried, not waited for. */
const EMBEDDED_LIMIT = 1_000_000;

/** Loaded only when wanted: the server is half of the program's code. */
async function startEmbedded(concurrency: number): Promise<Sandbox> {
  const [{ startSandbox }, { demoSeed }, { sameLimits }] = await Promise.all([
    import('../sandbox/server.js'),
    import('../sandbox/demo-seed.js'),
    import('../sandbox/rate-limits.js'),
  ]);
  return startSandbox({
    seed: demoSeed,
    rateLimits: { limits: sameLimits(EMBEDDED_LIMIT) },
    concurrencyLimit: Math.max(75, concurrency),
  });
}

/** The settings name another org than the one that a run is about. */
export class OtherOrgError extends OktaImportError {
  override readonly code = 'ERR_OTHER_ORG';
}

/** @throws {OtherOrgError} the run is about another org than the one that is open. */
export function assertSameOrg(run: RunDescription, org: OpenOrg): void {
  if (org.url === run.org) return;
  throw new OtherOrgError(`Run ${run.runId} is about ${run.org}, and the settings name ${org.url}.`, {
    hint: 'Set OKTA_CLIENT_ORGURL, or --org-url, to the org of the run.',
  });
}

/** What must be known of an org before its rows can be judged. */
export interface OrgKnowledge {
  /** Undefined offline. */
  readonly directory: Directory | undefined;
  /** Whether the schemas are the org's own; else only the base attributes are known. */
  readonly isOrgSchema: boolean;
  /** Attributes of all user types that the file can name, the default type's first. */
  readonly attributes: Readonly<Record<string, UserSchemaAttribute>>;
  /** By the name or id of a user type; the default type's for undefined; undefined for a type that is not there. */
  readonly schemaFor: (type: string | undefined) => ProfileSchema | undefined;
}

/** What is known without an org: the base attributes that Okta documents, whatever the type. */
export const offline: OrgKnowledge = {
  directory: undefined,
  isOrgSchema: false,
  attributes: baseSchema.attributes,
  schemaFor: () => baseSchema,
};

/**
 * Reads what must be known of an org: one request, or at most eleven when rows name user types.
 *
 * @param say - is told when the org does not let us read its schema, so that less can be checked.
 */
export async function readOrg(
  client: OktaClient,
  {
    withUserTypes,
    createsGroups = false,
    signal,
    say,
  }: { withUserTypes: boolean; createsGroups?: boolean; signal: AbortSignal; say: (words: string) => void },
): Promise<OrgKnowledge> {
  const schemaOf = async (type: UserType | undefined): Promise<ProfileSchema> =>
    profileSchemaOf(await client.getUserSchema(type, { signal }));
  let defaultSchema: ProfileSchema;
  try {
    defaultSchema = await schemaOf(undefined);
  } catch (error) {
    if (withUserTypes || !isNotForUs(error)) throw error;
    say(
      `${error.message}\nOnly Okta's base attributes can be checked; name custom ones by their path, such as profile.badgeNumber.`,
    );
    return { ...offline, directory: new Directory(client, [], { createsGroups }) };
  }
  const userTypes = withUserTypes ? await client.listUserTypes({ signal }) : [];
  const directory = new Directory(client, userTypes, { createsGroups });
  const others = userTypes.filter((type) => !type.default);
  const schemas = await Promise.all(others.map(schemaOf));
  const byTypeId = new Map(others.map((type, index) => [type.id, schemas[index]]));
  return {
    directory,
    isOrgSchema: true,
    attributes: Object.assign(
      { ...defaultSchema.attributes },
      ...schemas.map(({ attributes }) => attributes),
      defaultSchema.attributes,
    ) as Record<string, UserSchemaAttribute>,
    schemaFor: (type) => {
      if (type === undefined) return defaultSchema;
      const found = directory.userType(type);
      if (found === undefined) return undefined;
      return found.default ? defaultSchema : byTypeId.get(found.id);
    },
  };
}

/** An admin role may create users and yet not read schemas. */
function isNotForUs(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.errorCode !== undefined && [403, 404].includes(error.status);
}
