import { systemClock } from '../clock.js';
import type { RowOutcome } from '../rows/outcome.js';

import { judgeRows } from './dry-run-rows.js';
import { concurrencyOf, rulesOf, type ValidateUsersOptions } from './options.js';
import { openPeople, type PeopleSource } from './input-source.js';
import { prepare, stopOf, temporaryFolder, throwIfStopped } from './prepare.js';

/**
 * Says what `importUsers` would make of people, through the same code, and writes nothing to the org.
 *
 * Yields one outcome a record: offline `valid` or `invalid`, in the order of the source; with a client `would-create`,
 * `would-update`, `unchanged`, `exists` or `invalid`, as the org answers. Records are taken as outcomes are. An error of
 * the source surfaces after the outcomes of the records before it.
 *
 * @throws {ColumnsError} Columns mean nothing, or two the same thing.
 * @throws what the client throws when the org cannot be asked, what `readCsv` throws, and the signal's reason.
 */
export async function* validateUsers(
  source: PeopleSource,
  options: ValidateUsersOptions = {},
): AsyncGenerator<RowOutcome, void, undefined> {
  const { client, only, expectedRows = 0 } = options;
  const concurrency = concurrencyOf(options);
  const { cancellation, release } = stopOf(options.signal);
  try {
    const people = await openPeople(source, cancellation.signal);
    try {
      throwIfStopped(cancellation);
      // No columns and no records: there is nobody to judge.
      if (people.header.length === 0) return;
      const { checks, knowledge } = await prepare(people, client, options, cancellation.signal);
      const judged = judgeRows(people.rows, {
        client,
        groupResolver: knowledge.groupResolver,
        checks,
        rules: rulesOf(options),
        isSelected: only,
        expectedRows: people.count ?? expectedRows,
        folder: temporaryFolder(),
        concurrency,
        cancellation,
        clock: systemClock,
      });
      for await (const batch of judged) {
        for (const { outcome } of batch) yield outcome;
      }
    } finally {
      await people.close();
    }
    throwIfStopped(cancellation);
  } catch (error) {
    // What waited was told to stop: the caller wants to hear why.
    throwIfStopped(cancellation);
    throw error;
  } finally {
    release();
  }
}
