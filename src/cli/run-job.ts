import type { InputSource } from '../jobs/input.js';
import { runToEnd, type Job, type JobContext, type OpenOrg } from '../jobs/job.js';
import { combineObservers, type FinishedRun } from '../jobs/run-observer.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { Org } from '../settings/load.js';
import type { RequestSettings } from '../settings/requests.js';

import type { CommandContext } from './command-context.js';
import { openOrg } from './connect.js';
import { terminalObserver, type OutputFlags } from './terminal-observer.js';

/** Runs a job to its end and shows it. @returns the exit code. */
export async function runJob(
  start: (context: JobContext) => Job,
  context: CommandContext,
  {
    output,
    cancellation,
    nextSteps = () => [],
    pageSteps,
  }: {
    readonly output: OutputFlags;
    readonly cancellation: Cancellation;
    /** What can be done now. */
    readonly nextSteps?: (run: FinishedRun) => readonly string[];
    /** The same for readers of the report page, with absolute paths. */
    readonly pageSteps?: (run: FinishedRun) => readonly string[];
  },
): Promise<number> {
  const { clock, random, version, monitor } = context;
  const observer = combineObservers(terminalObserver(context, output, nextSteps), monitor?.observer);
  const { exitCode } = await runToEnd(
    start({
      clock,
      random,
      version,
      observer,
      cancellation,
      startedBy: context.startedBy(clock.now()),
      nextSteps: pageSteps,
    }),
  );
  return exitCode;
}

/** For jobs that only read: prints notices and warnings. */
export function readingContext(
  { clock, random, version, terminal }: CommandContext,
  cancellation: Cancellation,
): JobContext {
  const observer = {
    notice: (message: string) => terminal.info(message),
    warning: ({ message }: { readonly message: string }) => terminal.warn(message),
  };
  return { clock, random, version, observer, cancellation };
}

/** @param file - as it was typed; `-` for standard input. */
export function inputOf(file: string, { stdin }: CommandContext): InputSource {
  return { csv: file === '-' ? stdin : file };
}

/** Opens the org when a job asks for it. */
export function connector(
  org: Org,
  requests: RequestSettings,
  context: CommandContext,
): () => Promise<OpenOrg> {
  return () => openOrg(org, requests, context);
}
