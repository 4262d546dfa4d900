import type { PastRun } from '../journal/reader.js';
import type { MappedRow } from '../mapping/user-request.js';

import type { Checks } from './compile-checks.js';
import { OtherJournalError } from './run-store.js';

/** Records have no hash: each must be for the login that it was for in the journal. */
export function recognizing(checks: Checks, past: PastRun): Checks {
  return {
    ...checks,
    async *check(rows, options) {
      for await (const batch of checks.check(rows, options)) {
        for (const { mapped } of batch) assertSamePerson(mapped, past);
        yield batch;
      }
    },
  };
}

/** @throws {OtherJournalError} */
function assertSamePerson({ row: { row }, login }: MappedRow, past: PastRun): void {
  const earlier = past.outcomeOf(row);
  if (earlier === undefined || earlier.login === login) return;
  throw new OtherJournalError(
    `Record ${row} is for ${login ?? 'no login'}, but in the journal it is for ${earlier.login ?? 'no login'}.`,
    { hint: 'To continue an import, provide the same records again, in the same order.' },
  );
}
