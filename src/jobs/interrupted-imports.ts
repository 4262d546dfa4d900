import { OtherRuns } from '../engine/other-runs.js';
import { plural } from '../text.js';

import type { Input } from './input.js';
import type { JobContext, OpenOrg } from './job.js';
import type { RunStore } from './run-store.js';

/** Says that users of this file may come from a run that was never resumed. */
export async function noticeInterruptedImports(
  {
    store,
    input,
    org,
  }: { readonly store: RunStore; readonly input: Pick<Input, 'sha256'>; readonly org: OpenOrg },
  context: JobContext,
): Promise<void> {
  const { folder, hasReport } = store;
  if (folder === undefined || !hasReport || input.sha256 === undefined) return;
  const others = new OtherRuns(folder, org.client.orgUrl, context.clock);
  for (const other of await others.interruptedImportsOf(input.sha256)) {
    context.observer?.notice?.(
      `Run ${other.runId} of this file was interrupted and has ${plural(other.rowsInDoubt, 'row')} with an unknown outcome. Its users count as existing users here. To settle them, run this afterwards: okta-csv-import resume ${other.folder}`,
    );
  }
}
