import { OktaImportError } from '../../errors.js';
import { offlineMetadata, readFullOrgMetadata, type OrgMetadata } from '../../org/org-metadata.js';
import type { Notice } from '../api/state.js';
import type { PageOrg } from '../session.js';

/** What is known of the attributes of an org. */
export interface OrgAttributes {
  readonly metadata: OrgMetadata;
  /** Why they are only Okta's base attributes, although there is an org. */
  readonly problem: Notice | undefined;
}

export const OFFLINE: OrgAttributes = { metadata: offlineMetadata, problem: undefined };

/** Reads the attributes of an org. An org that does not respond is no error: columns can be mapped without it. */
export async function readOrgAttributes(org: PageOrg, signal: AbortSignal): Promise<OrgAttributes> {
  if (org.connect === undefined) return OFFLINE;
  let problem: Notice | undefined;
  try {
    const opened = await org.connect();
    try {
      const warn = (message: string): void => {
        problem = notice(message, undefined);
      };
      return { metadata: await readFullOrgMetadata(opened.client, { signal, warn }), problem };
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof OktaImportError)) throw error;
    return { metadata: offlineMetadata, problem: notice(error.message, error.hint) };
  }
}

function notice(message: string, hint: string | undefined): Notice {
  return {
    id: 'org-schema',
    severity: 'warning',
    message: `The attributes of the org could not be read: ${message}`,
    hint: ['Okta’s base attributes are listed instead.', hint].filter((part) => part !== undefined).join(' '),
  };
}
