import type { Argv } from 'yargs';

import { scopes } from './scopes.js';
import { loadRequestSettings } from '../settings/requests.js';

import type { CommandContext } from './registration.js';
import { brakeFlags, GROUPS, last, orgUrlFlag, paceFlags, runArgument, talkFlags } from './flags.js';
import { brakesOf, wayToOrg } from './flag-values.js';
import { UsageError } from './usage-error.js';

/** The commands over a run that was. */
export function commandsOverRun(argv: Argv, { surroundings, end, loadOrg }: CommandContext): Argv {
  return argv
    .command(
      'resume <run>',
      'Go on with a run that stopped',
      (argv) =>
        talkFlags(brakeFlags(paceFlags(orgUrlFlag(runArgument(argv)))))
          .option('file', {
            type: 'string',
            nargs: 1,
            group: GROUPS.file,
            coerce: last<string>,
            describe: 'Where the file is now, if it was moved',
          })
          .example('# The name of the folder, or the folder\n$0 resume 2026-11-24T02-00-00Z-people', '')
          .example(
            '# The file was moved meanwhile\n$0 resume 2026-11-24T02-00-00Z-people --file old/people.csv',
            '',
          ),
      async (argv) => {
        const { resumeRun } = await import('./bodies/resume.js');
        end(
          await resumeRun(
            {
              run: argv.run,
              file: argv.file,
              org: await loadOrg(argv, scopes.resume),
              requests: loadRequestSettings(argv),
              brakes: brakesOf(argv),
              talk: argv,
              reports: argv.reports,
              wayToOrg: wayToOrg(argv),
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'activate <run>',
      'Activate the users that a run created staged (--no-activate)',
      (argv) =>
        talkFlags(paceFlags(orgUrlFlag(runArgument(argv))))
          .option('per-minute', {
            type: 'number',
            group: GROUPS.pace,
            coerce: last<number>,
            describe: 'Most activations a minute, for the sake of the mail gateway',
          })
          .option('send-email', {
            type: 'boolean',
            default: true,
            group: GROUPS.rows,
            describe: 'Mail people the link to choose a password; --no-send-email does not',
          })
          .example('# Import now, mail later\n$0 import people.csv --no-activate', '')
          .example('$0 activate 2026-11-24T02-00-00Z-people --per-minute 100', ''),
      async (argv) => {
        const { activateRun } = await import('./bodies/activate.js');
        const { perMinute } = argv;
        if (perMinute !== undefined && !(perMinute > 0 && perMinute <= 100_000)) {
          throw new UsageError('--per-minute takes a number above 0, at most 100000.');
        }
        end(
          await activateRun(
            {
              run: argv.run,
              perMinute,
              sendEmail: argv.sendEmail,
              org: await loadOrg(argv, scopes.activate),
              requests: loadRequestSettings(argv),
              talk: argv,
              reports: argv.reports,
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'verify <run>',
      'Read back every user that a run says it created or updated',
      (argv) =>
        talkFlags(paceFlags(orgUrlFlag(runArgument(argv)))).example(
          '# Is everybody as the run left them?\n$0 verify 2026-11-24T02-00-00Z-people',
          '',
        ),
      async (argv) => {
        const { verifyRun } = await import('./bodies/verify.js');
        end(
          await verifyRun(
            {
              run: argv.run,
              org: await loadOrg(argv, scopes.verify),
              requests: loadRequestSettings(argv),
              talk: argv,
              reports: argv.reports,
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'undo <run>',
      'Take back what a run did, after showing what it will do: users it created are deleted for good',
      (argv) =>
        talkFlags(paceFlags(orgUrlFlag(runArgument(argv))))
          .option('yes', {
            type: 'boolean',
            default: false,
            group: GROUPS.talk,
            describe: 'Do it without asking, for scripts',
          })
          .option('force', {
            type: 'boolean',
            default: false,
            group: GROUPS.rows,
            describe: 'Take back what somebody changed since as well; without it such users and values stay',
          })
          .example('# Shows what it would take back, and asks\n$0 undo 2026-11-24T02-00-00Z-people', ''),
      async (argv) => {
        const { undoRun } = await import('./bodies/undo.js');
        end(
          await undoRun(
            {
              run: argv.run,
              yes: argv.yes,
              force: argv.force,
              org: await loadOrg(argv, scopes.undo),
              requests: loadRequestSettings(argv),
              talk: argv,
              reports: argv.reports,
            },
            surroundings,
          ),
        );
      },
    )
    .command(
      'report <run>',
      "Make a run's page and reports again from its journal",
      (argv) =>
        talkFlags(runArgument(argv)).example(
          '# Prints where the page is; also while the run is going on\n$0 report 2026-11-24T02-00-00Z-people',
          '',
        ),
      async (argv) => {
        const { reportRun } = await import('./bodies/report.js');
        end(await reportRun({ run: argv.run, talk: argv, reports: argv.reports }, surroundings));
      },
    );
}
