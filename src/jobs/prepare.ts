import { tmpdir } from 'node:os';

import type { OktaClient } from '../okta/client.js';
import { Cancellation } from '../rows/cancellation.js';

import { compileRowChecks, namesUserTypes, type Checks } from './compile-checks.js';
import { rulesOf, type RowOptions } from './options.js';
import { offlineMetadata, readOrgMetadata, type OrgMetadata } from '../org/org-metadata.js';
import type { OpenPeople } from './input-source.js';

/** People and the org that they are for, read as far as is needed to judge the first of them. */
export interface Prepared {
  readonly checks: Checks;
  readonly knowledge: OrgMetadata;
}

/** Reads what must be known of the org, and compiles the checks. @throws {ColumnsError} */
export async function prepare(
  people: OpenPeople,
  client: OktaClient | undefined,
  options: RowOptions,
  signal: AbortSignal,
): Promise<Prepared> {
  const { mapping, onWarning } = options;
  const rules = rulesOf(options);
  const knowledge =
    client === undefined
      ? offlineMetadata
      : await readOrgMetadata(client, {
          withUserTypes: namesUserTypes(people.header, rules, mapping),
          createsGroups: options.createGroups ?? false,
          signal,
          warn: (message) => onWarning?.({ row: undefined, login: undefined, column: undefined, message }),
        });
  const checks = compileRowChecks(people.header, rules, {
    mappingFile: mapping,
    knowledge,
    onWarning: ({ column, message }, { row, login }) => onWarning?.({ row: row.row, login, column, message }),
  });
  return { checks, knowledge };
}

/** A stop that a caller's signal pulls. The second function ends that. */
export function stopOf(signal: AbortSignal | undefined): {
  readonly cancellation: Cancellation;
  readonly release: () => void;
} {
  const cancellation = new Cancellation();
  const pull = (): void => cancellation.abort({ kind: 'failed', error: signal?.reason });
  signal?.addEventListener('abort', pull);
  if (signal?.aborted === true) pull();
  return { cancellation, release: () => signal?.removeEventListener('abort', pull) };
}

/** What ended a run early is thrown once all that was under way has its outcome. */
export function throwIfStopped({ reason }: Cancellation): void {
  if (reason?.kind === 'failed') throw reason.error;
}

/** Where a listing of the org goes when there is no folder for the journal; its file has no name. */
export const temporaryFolder = tmpdir;
