import type { Clock } from '../clock.js';
import { EtaEstimator } from '../engine/eta.js';
import type { OktaClient } from '../okta/client.js';
import type { Summary } from '../report/summary.js';
import type { Counts } from '../rows/counts.js';

import type { RunObserver, RunProgress, Wait } from './run-observer.js';

/** Where to look to see how far a run is. */
export interface TrackedRun {
  readonly name: string;
  readonly phase: RunProgress['phase'];
  readonly counts: Counts;
  /** Undefined offline. */
  readonly client?: OktaClient | undefined;
  readonly rows?: number | undefined;
  /** The file that is being read, for when its number of rows is unknown. */
  readonly bytes?: (() => RunProgress['bytes']) | undefined;
}

const REPORT_EVERY_MS = 200;
/** The org counts as unavailable only after that long. */
const UNAVAILABLE_AFTER_MS = 2000;

/**
 * Reports progress several times a second until stopped, if there is an observer.
 *
 * @returns ends the reports, after a last one.
 */
export function trackProgress(
  run: TrackedRun,
  { observer, clock }: { readonly observer?: RunObserver | undefined; readonly clock: Clock },
): () => void {
  if (observer?.progress === undefined) return () => {};
  const estimator = new EtaEstimator();
  const report = (): void => observer.progress?.(progressOf(run, estimator, clock.now()));
  report();
  const timer = setInterval(report, REPORT_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    report();
  };
}

function progressOf(run: TrackedRun, estimator: EtaEstimator, nowMs: number): RunProgress {
  const { name, phase, counts, client, rows } = run;
  const { waitedMs = 0, windows = [] } = client?.governor ?? {};
  const bytes = run.bytes?.();
  estimator.add({ atMs: nowMs, rows: counts.total, waitedMs, windows });
  return {
    name,
    phase,
    counts: { ...counts },
    rows,
    bytes,
    rowsPerMinute: estimator.rowsPerMinute,
    timeLeftMs: timeLeftMs({ counts, rows, bytes }, estimator),
    wait: client && waitOf(client, nowMs),
    requests: requestsOf(client),
  };
}

function timeLeftMs(
  { counts, rows, bytes }: Pick<RunProgress, 'counts' | 'rows' | 'bytes'>,
  estimator: EtaEstimator,
): number | undefined {
  if (rows !== undefined) return estimator.timeLeftMs(Math.max(0, rows - counts.total));
  if (bytes === undefined || bytes.read === 0) return undefined;
  // Assumes as many rows per byte as so far.
  return estimator.timeLeftMs((counts.total / bytes.read) * (bytes.of - bytes.read));
}

/** What all requests of a client wait for. */
export function waitOf(client: OktaClient, nowMs: number): Wait | undefined {
  const unavailableMs = client.unavailableSinceMs === undefined ? 0 : nowMs - client.unavailableSinceMs;
  if (unavailableMs > UNAVAILABLE_AFTER_MS) {
    return { kind: 'org-unavailable', seconds: Math.floor(unavailableMs / 1000) };
  }
  const wait = client.governor.windowWait;
  if (wait === undefined) return undefined;
  const seconds = Math.max(1, Math.ceil((wait.untilMs - nowMs) / 1000));
  return { kind: 'rate-limit', seconds, limit: wait.limit };
}

/** @param client - undefined offline. */
export function requestsOf(client: OktaClient | undefined): Summary['requests'] {
  const stats = client?.governor.stats;
  return {
    sent: stats?.sent ?? 0,
    retried: client?.retried ?? 0,
    rateLimited: (stats?.rateLimited ?? 0) + (stats?.concurrencyLimited ?? 0),
    concurrencyLimited: stats?.concurrencyLimited ?? 0,
    waits: stats?.waits ?? 0,
    waitedMs: Math.round(stats?.waitedMs ?? 0),
  };
}
