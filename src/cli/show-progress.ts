import type { Source } from '../csv/source.js';
import type { OktaClient } from '../okta/client.js';
import { Progress, type RunState } from './progress.js';
import type { Counts } from '../rows/counts.js';
import { EtaEstimator } from '../engine/eta.js';

import { requestsOf, type OutputFlags } from './bodies/finish.js';
import type { CommandContext } from './command-context.js';

/** Where it can be seen how far a run is. */
export interface Watched {
  /** The file's, or the run's that is worked on. */
  readonly name: string;
  readonly counts: () => Counts;
  /** Undefined offline. */
  readonly client?: OktaClient | undefined;
  /** Rows to be done in all, where that is known. */
  readonly records?: number | undefined;
  /** The file that is being read, where the rows in it are not known. */
  readonly source?: Source | undefined;
  /** What is being done, when it is not yet the run itself. */
  readonly doing?: string | undefined;
}

/** A run that begins, for logs. */
export interface RunInfo {
  readonly command: string;
  readonly runId: string;
  readonly folder: string;
  readonly file: string;
  /** Undefined while it is not known. */
  readonly sha256: string | undefined;
  readonly records: number | undefined;
  /** Undefined offline. */
  readonly org: string | undefined;
  readonly isResumed: boolean;
}

/** Tells logs that a run begins, and from then on everybody how far it is. */
export function followRun(
  flags: OutputFlags,
  surroundings: CommandContext,
  run: RunInfo,
  watched: Watched,
): Progress | undefined {
  const { terminal, monitor } = surroundings;
  terminal.log('run.started', { ...run }, []);
  const { counts, client, records } = watched;
  monitor?.follow(() => ({ counts: counts(), records, requests: requestsOf(client) }));
  return showProgress(flags, surroundings, watched);
}

/** Shows how far something is, unless nobody wants to know. */
export function showProgress(
  { quiet, progress }: OutputFlags,
  { terminal, clock }: CommandContext,
  watched: Watched,
): Progress | undefined {
  if (quiet || !progress) return undefined;
  const now = (): number => clock.now();
  return new Progress({ terminal, now, pace: new EtaEstimator(), state: () => stateOf(watched, now()) });
}

/** The org is not said to be away for the blink of an eye. */
const AWAY_AFTER_MS = 2000;

function stateOf({ name, doing, counts, client, records, source }: Watched, nowMs: number): RunState {
  return {
    name,
    doing,
    counts: counts(),
    records,
    bytes: source && source.path !== '' ? { read: source.readBytes, of: source.sizeBytes } : undefined,
    wait: client && waitOf(client, nowMs),
    waitedMs: client?.governor.waitedMs ?? 0,
    windows: client?.governor.windows ?? [],
  };
}

function waitOf(client: OktaClient, nowMs: number): RunState['wait'] {
  const awayMs = client.unavailableSinceMs === undefined ? 0 : nowMs - client.unavailableSinceMs;
  if (awayMs > AWAY_AFTER_MS) {
    const seconds = Math.floor(awayMs / 1000);
    return { words: `the org has not answered for ${seconds} s`, short: `no answer for ${seconds} s` };
  }
  const wait = client.governor.windowWait;
  if (wait === undefined) return undefined;
  const seconds = Math.max(1, Math.ceil((wait.untilMs - nowMs) / 1000));
  const limit = wait.limit === undefined ? '' : ` (${wait.limit} a minute)`;
  return {
    words: `waiting ${seconds} s for the org's rate limit${limit}`,
    short: `waiting ${seconds} s`,
  };
}
