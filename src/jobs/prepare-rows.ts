import type { OktaClient } from '../okta/client.js';
import {
  offlineMetadata,
  readFullOrgMetadata,
  readOrgMetadata,
  type OrgMetadata,
} from '../org/org-metadata.js';
import { FailureGroups } from '../report/failure-groups.js';

import { canNameUserTypes, compileChecks, type Checks, type ChecksContext } from './compile-checks.js';
import type { JobContext } from './job.js';

/** What must be known before the first row is processed. */
export interface PreparedRows {
  readonly metadata: OrgMetadata;
  readonly checks: Checks;
  /** Warnings about rows. */
  readonly warnings: FailureGroups;
}

export interface PrepareOptions extends Omit<ChecksContext, 'metadata' | 'onWarning'> {
  /** Undefined offline. */
  readonly client: OktaClient | undefined;
}

/** Reads the metadata of the org, and compiles the checks. @throws {ColumnsError} */
export async function prepareRows(prepare: PrepareOptions, context: JobContext): Promise<PreparedRows> {
  const metadata = await readMetadata(prepare, context);
  const warnings = new FailureGroups();
  const checks = compileChecks({
    ...prepare,
    metadata,
    onWarning: (warning, { row, login }) => {
      const base = { row: row.row, line: row.line, login, attempts: 0, durationMs: 0 };
      warnings.add({ ...base, status: 'invalid', problems: [warning] });
      const { column, message } = warning;
      context.observer?.warning?.({ message, row: row.row, login, column });
    },
  });
  return { metadata, checks, warnings };
}

async function readMetadata(
  { header, input, options, mappingFile, client }: PrepareOptions,
  { cancellation, observer }: JobContext,
): Promise<OrgMetadata> {
  if (client === undefined) return offlineMetadata;
  const request = {
    createsGroups: options.createGroups,
    signal: cancellation.signal,
    warn: (message: string) => observer?.warning?.({ message }),
  };
  const withUserTypes = canNameUserTypes(header, options.userType, mappingFile);
  // A later record may name a user type.
  if (input.isOpenEnded && !withUserTypes) return readFullOrgMetadata(client, request);
  return readOrgMetadata(client, { ...request, withUserTypes });
}
