import type { Clock } from '../clock.js';
import type { OktaClient } from '../okta/client.js';
import type { LatencyCounts } from '../okta/rate-limit/latency.js';

import type { OutcomeStatus } from '../rows/outcome.js';

/**
 * Where a run stood at one moment: what the charts of the report page are drawn from, and a `sample` line of the journal.
 * All numbers count from the start of the process, so they begin anew after a `resumed` line. Holds no secret.
 */
export interface Sample {
  /** Epoch milliseconds by our clock. */
  readonly atMs: number;
  /** Rows that this process has brought to an outcome. */
  readonly rows: Readonly<Partial<Record<OutcomeStatus, number>>>;
  readonly sent: number;
  readonly retried: number;
  /** 429s of a bucket. */
  readonly rateLimited: number;
  /** 429s of the limit on requests in flight. */
  readonly concurrencyLimited: number;
  readonly waits: number;
  /** How long requests waited for a bucket's next window, this moment's wait included. */
  readonly waitedMs: number;
  /** When what is being waited for just now comes, epoch milliseconds by our clock. */
  readonly waitingUntilMs?: number | undefined;
  readonly latency: LatencyCounts;
}

export interface SampleRecorderOptions {
  readonly clock: Clock;
  /** Undefined for a run that asks nothing of an org. */
  readonly client: Pick<OktaClient, 'governor' | 'retried'> | undefined;
  /** Where samples are kept besides in memory: the journal. What goes wrong there is told to whoever writes outcomes. */
  readonly write?: ((sample: Sample) => Promise<void>) | undefined;
}

const LOOK_EVERY_MS = 1000;
/** Timers are not exact: a look that comes a little early is in time. */
const EARLY_MS = 100;
/** The older a run is, the rarer its samples: a run of an hour has about 900, one of a day about 1,700. */
const SAMPLES_AN_AGE = 250;

/** Notes now and then where a run stands. Memory: about 2,000 samples, however long the run. */
export class SampleRecorder {
  readonly samples: Sample[] = [];
  readonly #options: SampleRecorderOptions;
  readonly #rows: Partial<Record<OutcomeStatus, number>> = {};
  #timer: NodeJS.Timeout | undefined;
  /** The latest look at which nothing had changed: without it a burst after a pause would look spread over the pause. */
  #lastUnchanged: Sample | undefined;

  constructor(options: SampleRecorderOptions) {
    this.#options = options;
  }

  /** Takes the first sample, and looks once a second from then on. */
  start(): void {
    this.#keep(this.#now());
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** A row has come to its outcome. */
  count(status: OutcomeStatus): void {
    this.#rows[status] = (this.#rows[status] ?? 0) + 1;
  }

  /** Takes a sample if it is time for one and something has changed. */
  look(): void {
    const first = this.samples[0];
    const last = this.#lastUnchanged ?? this.samples.at(-1);
    const sample = this.#now();
    if (first === undefined || last === undefined) return this.#keep(sample);
    const everyMs = Math.max(LOOK_EVERY_MS, (sample.atMs - first.atMs) / SAMPLES_AN_AGE);
    if (sample.atMs - last.atMs < everyMs - EARLY_MS) return;
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
      // The journal refuses everything from then on, and the next attempt or outcome ends the run.
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
    };
  }
}

/** Whether nothing has happened between two samples but time going by. */
function isUnchanged(one: Sample, other: Sample): boolean {
  const happened = ({ rows, sent, retried, rateLimited, concurrencyLimited, waits }: Sample): string =>
    JSON.stringify([rows, sent, retried, rateLimited, concurrencyLimited, waits]);
  return happened(one) === happened(other);
}
