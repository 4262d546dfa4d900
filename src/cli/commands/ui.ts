import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

import type { RunStep } from '../../page/steps.js';
import { loadRequestSettings } from '../../settings/requests.js';

import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { rateArgs, reportsArgs } from '../flag-values.js';
import { logFlags, orgFlags, outputFlag, rateFlags, reportFlags } from '../flags.js';
import { PortError } from '../port-error.js';
import { fileArgument } from '../positionals.js';
import { UsageError } from '../usage-error.js';

export const uiCommand = defineCommand({
  name: 'ui',
  group: 'Import',
  description: 'Open a page on this machine to check, correct and import a file',
  positional: {
    ...fileArgument,
    describe: 'CSV file (also .gz) or Excel workbook (.xlsx)',
    isOptional: true,
  },
  flags: {
    ...orgFlags,
    ...rateFlags,
    reports: reportFlags.reports,
    port: { ...outputFlag.number('n', 'Port on 127.0.0.1; 0 picks a free one'), default: 0 },
    open: outputFlag.on('Do not open the browser; only print the address'),
    ...logFlags,
  },
  examples: [
    ['Try it without an org', 'ui --sandbox'],
    ['Open a workbook', 'ui people.xlsx'],
    ['On a server: forward the port with ssh -L 8090:127.0.0.1:8090', 'ui --port 8090 --no-open'],
  ],
  handler: async (argv, context) => {
    const { port, file, reports, concurrency, open } = argv;
    if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw new UsageError('--port takes a whole number from 0 to 65535.');
    }
    if (file === '-') throw new UsageError('ui does not read stdin: name a file, or choose it on the page.');
    const [
      { startPageServer },
      { assertFileExists, openNamedFile },
      { openPageOrg, openTypedOrg },
      { openBrowser },
    ] = await Promise.all([
      import('../../page/server.js'),
      import('../../page/file/file-routes.js'),
      import('../page-org.js'),
      import('../open-browser.js'),
    ]);
    if (file !== '') await assertFileExists(file);
    const { terminal, stdout, clock, random, version, startedBy } = context;
    const requests = loadRequestSettings(argv);
    const opened = await openPageOrg(argv, requests, context);
    try {
      const server = await startPageServer({
        port,
        org: opened.org,
        onError: (error) => terminal.fail(error),
        context: {
          clock,
          random,
          version,
          startedBy,
          concurrency,
          openTypedOrg: (typed) => openTypedOrg(typed, argv, requests, context),
          reports: resolve(reports),
          commandArgs: [...rateArgs(argv), ...reportsArgs(reports)],
        },
      }).catch((error: unknown) => {
        throw new PortError(port, error);
      });
      // The page shows that it is being read, and what is wrong with it.
      if (file !== '') openNamedFile(server.session, file).catch((error) => terminal.fail(error));
      const showAddress = (): string => {
        const address = server.createAddress();
        stdout.write(`${address}\n`);
        return address;
      };
      const address = showAddress();
      terminal.info(
        'Open this address in a browser on this machine. It works once. The page ends with Ctrl-C, or with its Quit button.',
      );
      if (context.canAsk) {
        terminal.info('Press Enter for a new address.');
        if (open) openBrowser(address);
      }
      const stopAsking = context.canAsk ? onEveryLine(context.stdin as Readable, showAddress) : () => {};
      await new Promise<void>((done) => {
        context.onInterrupt(() => done());
        server.closeRequested.addEventListener('abort', () => done());
      });
      stopAsking();
      const exitCode = await finishRun(server.session.run, context);
      await server.close();
      return exitCode;
    } finally {
      await opened.close();
    }
  },
});

/** A terminal sends line by line. @returns a function that stops listening, so that the process can end. */
function onEveryLine(stdin: Readable, listener: () => void): () => void {
  stdin.on('data', listener);
  return () => {
    stdin.off('data', listener);
    stdin.pause();
  };
}

/** Pauses a run in progress, as Ctrl-C does in `import`. @returns the exit code of the run, or 0. */
async function finishRun(run: RunStep | undefined, { terminal }: CommandContext): Promise<number> {
  if (run === undefined || run.view.status === 'ended') return 0;
  run.pause();
  terminal.info('Finishing requests in flight. Press Ctrl-C again to quit now; you can resume either way.');
  return run.ended;
}
