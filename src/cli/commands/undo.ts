import type { UndoPlan } from '../../jobs/undo.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { followUpNextSteps } from '../../jobs/next-steps.js';
import { followUpPageSteps } from '../../jobs/page-steps.js';

import { defineCommand } from '../command.js';
import { confirmUndo } from '../confirm.js';
import { loadOrg } from '../connect.js';
import { logFlags, orgUrlFlags, rateFlags, reportFlags, rowFlag } from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { existingRun, runArgument } from '../positionals.js';
import { scopes } from '../scopes.js';

export const undoCommand = defineCommand({
  name: 'undo',
  group: 'After a run',
  description: 'Undo a run, after showing the plan: users it created are deleted for good',
  positional: runArgument,
  flags: {
    'dry-run': rowFlag.off('Only print what would be undone'),
    yes: rowFlag.off('Do not ask for confirmation'),
    force: rowFlag.off(
      'Also undo users and values that were changed since the run; by default they are kept',
    ),
    ...orgUrlFlags,
    ...rateFlags,
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['What would be undone?', 'undo last --dry-run'],
    ['Show what would be undone, and ask', 'undo 2026-11-24T02-00-00Z-people'],
  ],
  handler: async (argv, context) => {
    const [{ planUndo, undoJob }, { runJob, connector, readingContext }, { showUndoPlan }] =
      await Promise.all([
        import('../../jobs/undo.js'),
        import('../run-job.js'),
        import('../dry-run-plan.js'),
      ]);
    const run = await existingRun(argv, 'undo', context);
    const org = await loadOrg(argv, argv.dryRun ? scopes.undoPlan : scopes.undo, context);
    const { force, reports, concurrency } = argv;
    const connect = connector(org, loadRequestSettings(argv), context);
    const cancellation = cancelRunOnInterrupt(context, argv);
    if (argv.dryRun) {
      const plan = await planUndo({ run, reports, force, connect }, readingContext(context, cancellation));
      return showUndoPlan(plan, argv, context);
    }
    const confirm = (plan: UndoPlan): Promise<boolean> => confirmUndo(plan, argv, context);
    return runJob((job) => undoJob({ run, reports, force, concurrency, connect, confirm }, job), context, {
      output: argv,
      cancellation,
      nextSteps: followUpNextSteps,
      pageSteps: followUpPageSteps,
    });
  },
});
