import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import type { LatencyCounts } from '../okta/rate-limit/latency.js';
import type { OutcomeStatus } from '../rows/outcome.js';

/**
 * The progress of a run at one moment: the data of the report page's charts, and a `sample` line of the journal.
 * All numbers count from the start of the process, so they start again at 0 after a `resumed` line. Holds no secret.
 */
export interface Sample {
  /** Epoch milliseconds, by this machine's clock. */
  readonly atMs: number;
  /** Rows that this process has completed, by status. */
  readonly rows: Readonly<Partial<Record<OutcomeStatus, number>>>;
  readonly sent: number;
  readonly retried: number;
  /** 429 responses because a bucket was used up. */
  readonly rateLimited: number;
  /** 429 responses because too many requests were in flight. */
  readonly concurrencyLimited: number;
  readonly waits: number;
  /** How long requests waited for the next window of a bucket, a current wait included. */
  readonly waitedMs: number;
  /** When a current wait ends, epoch milliseconds, by this machine's clock. */
  readonly waitingUntilMs?: number | undefined;
  readonly latency: LatencyCounts;
  /** The most rows per minute that the rate limits allow in the long run; absent while unknown, and from older journals. */
  readonly rowsPerMinuteLimit?: number | undefined;
}

export interface SampleRecorderOptions {
  readonly clock: Clock;
  /** Undefined for a run without an org. */
  readonly client: Pick<OktaClient, 'governor' | 'retried'> | undefined;
  /** Also writes each sample to the journal. Errors are ignored: the next attempt or outcome fails as well. */
  readonly write?: ((sample: Sample) => Promise<void>) | undefined;
}

const INTERVAL_MS = 1000;
/** Timers are not exact: a sample may come this much early. */
const TOLERANCE_MS = 100;
/** The longer a run takes, the rarer its samples: a run of an hour has about 900, one of a day about 1,700. */
const SAMPLES_PER_AGE = 250;

/** Samples the progress of a run. Memory: about 2,000 samples, however long the run. */
export class SampleRecorder {
  readonly samples: Sample[] = [];
  readonly #options: SampleRecorderOptions;
  readonly #rows: Partial<Record<OutcomeStatus, number>> = {};
  #timer: NodeJS.Timeout | undefined;
  /** The latest sample without a change: without it, a burst after a pause would look spread over the pause. */
  #lastUnchanged: Sample | undefined;

  constructor(options: SampleRecorderOptions) {
    this.#options = options;
  }

  /** Takes the first sample, and then checks once a second whether to take another. */
  start(): void {
    this.#keep(this.#now());
    this.#timer = setInterval(() => this.sample(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Counts a completed row. */
  count(status: OutcomeStatus): void {
    this.#rows[status] = (this.#rows[status] ?? 0) + 1;
  }

  /** Keeps a sample if it is time for one and something has changed. */
  sample(): void {
    const first = this.samples[0];
    const last = this.#lastUnchanged ?? this.samples.at(-1);
    const sample = this.#now();
    if (first === undefined || last === undefined) return this.#keep(sample);
    const everyMs = Math.max(INTERVAL_MS, (sample.atMs - first.atMs) / SAMPLES_PER_AGE);
    if (sample.atMs - last.atMs < everyMs - TOLERANCE_MS) return;
    if (isUnchanged(sample, last)) {
      this.#lastUnchanged = sample;
      return;
    }
    if (this.#lastUnchanged !== undefined) this.#keep(this.#lastUnchanged);
    this.#keep(sample);
  }

  /** Takes the last sample. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#lastUnchanged !== undefined) this.#keep(this.#lastUnchanged);
    this.#keep(this.#now());
  }

  #keep(sample: Sample): void {
    this.#lastUnchanged = undefined;
    this.samples.push(sample);
    this.#options.write?.(sample).catch(() => {
      // The journal rejects every line from then on, so the next attempt or outcome ends the run.
    });
  }

  #now(): Sample {
    const { clock, client } = this.#options;
    const nowMs = clock.now();
    const governor = client?.governor;
    const waitingUntilMs = governor?.windowWait?.untilMs;
    return {
      atMs: Math.round(nowMs),
      rows: { ...this.#rows },
      sent: governor?.stats.sent ?? 0,
      retried: client?.retried ?? 0,
      rateLimited: governor?.stats.rateLimited ?? 0,
      concurrencyLimited: governor?.stats.concurrencyLimited ?? 0,
      waits: governor?.stats.waits ?? 0,
      waitedMs: Math.round(governor?.waitedMs ?? 0),
      ...(waitingUntilMs !== undefined && { waitingUntilMs }),
      latency: governor?.latency.snapshot() ?? { from: 0, counts: [] },
      rowsPerMinuteLimit: governor && rowsPerMinuteLimit(governor, this.#rows),
    };
  }
}

/** By the requests that a row has taken so far. */
function rowsPerMinuteLimit(
  { windows }: Pick<OktaClient['governor'], 'windows'>,
  rows: Sample['rows'],
): number | undefined {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const limits = windows.map(({ allowance, sent }) => Math.floor((allowance * total) / Math.max(1, sent)));
  return total === 0 || limits.length === 0 ? undefined : Math.min(...limits);
}

/** Whether nothing has happened between two samples. */
function isUnchanged(one: Sample, other: Sample): boolean {
  const happened = ({ rows, sent, retried, rateLimited, concurrencyLimited, waits }: Sample): string =>
    JSON.stringify([rows, sent, retried, rateLimited, concurrencyLimited, waits]);
  return happened(one) === happened(other);
}
