import type { Difference, VerifyResult } from '../../jobs/verify.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { placeOf } from '../../rows/place.js';
import { escapeControlCharacters, plural } from '../../text.js';

import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgUrlFlags, rateFlags, reportFlags } from '../flags.js';
import { cancelOnInterrupt } from '../interrupt.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  group: 'After a run',
  description: 'Compare the org with what a run created and updated',
  positional: runArgument,
  flags: { ...orgUrlFlags, ...rateFlags, ...reportFlags, ...logFlags },
  examples: [['Are all users still as the run left them?', 'verify 2026-11-24T02-00-00Z-people']],
  handler: async (argv, context) => {
    const [{ verifyJob }, { connector }] = await Promise.all([
      import('../../jobs/verify.js'),
      import('../run-job.js'),
    ]);
    const run = await existingRun(argv, 'verify', context);
    const org = await loadOrg(argv, scopes.verify, context);
    const connect = connector(org, loadRequestSettings(argv), context);
    const { clock, random, version } = context;
    const job = verifyJob(
      { run, reports: argv.reports, connect },
      { clock, random, version, cancellation: cancelOnInterrupt(context) },
    );
    return showDifferences(job, argv, context);
  },
});

async function showDifferences(
  job: AsyncGenerator<Difference, VerifyResult, undefined>,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  { stdout, terminal }: CommandContext,
): Promise<number> {
  const differences: Omit<Difference, 'lineLabel'>[] = [];
  let next = await job.next();
  for (; next.done !== true; next = await job.next()) {
    const { row, line, lineLabel, login, oktaId, difference } = next.value;
    if (json) differences.push({ row, line, login, oktaId, difference });
    else {
      const shown = [login, difference].map(escapeControlCharacters);
      stdout.write(`${placeOf({ row, line, lineLabel })} ${shown[0]} ${oktaId}: ${shown[1]}\n`);
    }
  }
  const { users, differences: count, rowsInDoubt, damage, exitCode } = next.value;
  if (damage !== undefined) terminal.warn(damage);
  if (json) stdout.write(`${JSON.stringify({ users, differences }, undefined, 2)}\n`);
  if (!quiet) {
    const doubt =
      rowsInDoubt > 0 ? ` ${plural(rowsInDoubt, 'unknown outcome')}: run resume to settle it.` : '';
    const verdict = count === 0 ? 'all as the run left them' : `${count} changed since the run`;
    terminal.info(`${plural(users, 'user')} checked, ${verdict}.${doubt}`);
  }
  return exitCode;
}
