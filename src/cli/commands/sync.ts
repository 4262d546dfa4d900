import type { SyncRequest } from '../../jobs/sync.js';
import { loadRequestSettings } from '../../settings/requests.js';
import { inShell } from '../../jobs/next-steps.js';
import { syncNextSteps, syncPageSteps } from '../../jobs/sync-steps.js';

import { defineCommand } from '../command.js';
import { askAboutHiddenRows, canAskAbout } from '../confirm.js';
import { confirmSync } from '../confirm-sync.js';
import { loadOrg } from '../connect.js';
import { orgArgs, toImportOptions, toStopOptions } from '../flag-values.js';
import {
  logFlags,
  orgFlags,
  rateFlags,
  reportFlags,
  rowFlag,
  rowFlags,
  stopFlag,
  stopFlags,
} from '../flags.js';
import { cancelRunOnInterrupt } from '../interrupt.js';
import { fileArgument } from '../positionals.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

const { 'if-exists': _ifExists, only: _only, ...importRowFlags } = rowFlags;

export const syncCommand = defineCommand({
  name: 'sync',
  group: 'Import',
  description: 'Make the org match a file every night: joiners, movers and leavers',
  positional: fileArgument,
  flags: {
    dataset: rowFlag.text('name', 'Data set: the people whom these runs manage (required)'),
    match: { ...rowFlag.text('attribute', 'Attribute that identifies a person'), default: 'login' },
    leavers: rowFlag.choice('action', 'What to do with people who have left the file', [
      'list',
      'suspend',
      'deactivate',
    ]),
    'leaver-grace': { ...rowFlag.text('days', 'How long people must be missing before that'), default: '0d' },
    'adopt-existing': rowFlag.off('Also manage users of the file who were in Okta before'),
    reactivate: rowFlag.off('Activate deactivated people who are back in the file'),
    'override-edits': rowFlag.off('Overwrite values that were edited in Okta'),
    'managed-groups': {
      group: 'Row handling',
      value: 'name',
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: 'Groups whose members are exactly those of the file, such as "Dept *"; repeatable',
    },
    'create-ahead': {
      ...rowFlag.text('days', 'How long before the start date users are created'),
      default: '14d',
    },
    'rebuild-state': rowFlag.off('Rebuild a lost state of the data set; leavers are left alone'),
    ...importRowFlags,
    'clear-empty': rowFlag.off('An empty cell clears the attribute'),
    'max-leavers': {
      ...stopFlag.text('n|n%', 'Stop if more people than this have left (at least 5)'),
      default: '5%',
    },
    'max-changes': { ...stopFlag.text('n|n%', 'Stop if more users than this would change'), default: '50%' },
    'min-rows': { ...stopFlag.number('n', 'Stop if the file has fewer rows'), default: 1 },
    accept: stopFlag.list(
      'names',
      'Let this run pass: leavers, changes, size or columns, such as leavers,size',
    ),
    ...stopFlags,
    ...orgFlags,
    'dry-run': rowFlag.off('Only show the plan'),
    ...rateFlags,
    yes: rowFlag.off('Do not ask for confirmation'),
    ...reportFlags,
    ...logFlags,
  },
  examples: [
    ['Look at the plan', 'sync people.csv --dataset staff --dry-run'],
    ['Every night', 'sync people.csv --dataset staff --leavers suspend --quiet'],
  ],
  handler: async (argv, context) => {
    if (argv.dataset === undefined) {
      throw new UsageError(
        'sync needs --dataset <name>: the name under which it remembers whom it manages, such as --dataset staff.',
      );
    }
    const [{ syncJob, SyncStoppedError }, { runJob, connector, inputOf }] = await Promise.all([
      import('../../jobs/sync.js'),
      import('../run-job.js'),
    ]);
    const { dataset, match, leavers, reports, runId, managedGroups, minRows } = argv;
    const options = {
      // What an empty cell clears is the same as in an import that updates.
      ...toImportOptions({ ...argv, ifExists: 'update', only: undefined }),
      ...toStopOptions(argv),
    };
    const org = await loadOrg(argv, scopes.sync(argv), context);
    const request: SyncRequest = {
      ...options,
      dataset,
      match,
      leavers,
      leaverGrace: argv.leaverGrace,
      adoptExisting: argv.adoptExisting,
      reactivate: argv.reactivate,
      overrideEdits: argv.overrideEdits,
      createAhead: argv.createAhead,
      managedGroups,
      rebuildState: argv.rebuildState,
      maxLeavers: argv.maxLeavers,
      maxChanges: argv.maxChanges,
      minRows,
      accept: argv.accept?.split(','),
      source: inputOf(argv.file, context),
      reports,
      runId,
      dryRun: argv.dryRun,
      connect: connector(org, loadRequestSettings(argv), context),
      askAboutHiddenRows:
        canAskAbout(argv.file, context) && !argv.yes
          ? (question) => askAboutHiddenRows(question, context)
          : undefined,
      confirm: argv.yes ? undefined : (plan) => confirmSync(argv.file, plan, context),
    };
    try {
      return await runJob((job) => syncJob(request, job), context, {
        output: argv,
        cancellation: cancelRunOnInterrupt(context, argv),
        nextSteps: (run) => syncNextSteps(run, { options, orgArgs: orgArgs(argv) }),
        pageSteps: (run) => syncPageSteps(run, { options, orgArgs: orgArgs(argv) }),
      });
    } catch (error) {
      if (error instanceof SyncStoppedError) error.hint = acceptHint(context.typedArgs ?? [], error.accept);
      throw error;
    }
  },
});

/** The command that lets the run pass, to be pasted. */
function acceptHint(typedArgs: readonly string[], accept: string): string {
  const same = typedArgs.filter(
    (arg, index) => !/^--accept(?:=|$)/.test(arg) && typedArgs[index - 1] !== '--accept',
  );
  const command = inShell('sync', ...same, '--accept', accept);
  return `Look at the plan with --dry-run. If it is right, let this one run pass:\n  ${command}`;
}
