import type { Clock } from '../clock.js';
import { lastSuccessOf, prometheusText, readMetrics, writeMetrics } from '../monitoring/metrics-file.js';
import type { Counts } from '../rows/counts.js';
import type { Summary } from '../report/summary.js';
import type { RunObserver } from '../jobs/run-observer.js';
import type { Terminal } from './terminal.js';

import { Heartbeat } from '../monitoring/heartbeat.js';
import { messageOf } from '../text.js';

/** Who is to hear of a run, besides the people at the terminal. */
export interface MonitorSettings {
  readonly command: string;
  readonly metricsFile: string | undefined;
  readonly heartbeat: string | undefined;
}

/** How far a run is, in numbers. */
export interface RunNumbers {
  readonly counts: Counts;
  readonly records: number | undefined;
  readonly requests: Summary['requests'] | undefined;
}

const WRITE_EVERY_MS = 15_000;

/**
 * Keeps the metrics file and sends the heartbeats of one command, from before its settings are read to after its last word.
 *
 * Nothing that goes wrong here changes what the command does, or its exit code.
 */
export class Monitor {
  readonly #settings: MonitorSettings;
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #version: string;
  readonly #startedAtMs: number;
  readonly #heartbeat: Heartbeat | undefined;
  #lastSuccessAtMs: number | undefined;
  #numbers: RunNumbers | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasWarned = false;

  /** @throws {HeartbeatUrlError} */
  constructor(
    settings: MonitorSettings,
    { terminal, clock, version }: { terminal: Terminal; clock: Clock; version: string },
  ) {
    this.#settings = settings;
    this.#terminal = terminal;
    this.#clock = clock;
    this.#version = version;
    this.#startedAtMs = clock.now();
    const { heartbeat: url } = settings;
    this.#heartbeat =
      url === undefined ? undefined : new Heartbeat({ url, warn: (words) => terminal.warn(words) });
  }

  async start(): Promise<void> {
    this.#heartbeat?.start();
    const { metricsFile } = this.#settings;
    if (metricsFile === undefined) return;
    this.#lastSuccessAtMs = lastSuccessOf(await readMetrics(metricsFile));
    this.#write(undefined);
    this.#timer = setInterval(() => this.#write(undefined), WRITE_EVERY_MS);
    this.#timer.unref();
  }

  /** Keeps the numbers of the run, to be written with the others. */
  readonly observer: RunObserver = {
    progress: ({ phase, counts, records, requests }) => {
      if (phase === 'running') this.#numbers = { counts, records, requests };
    },
    finished: ({ summary: { counts, requests } }) => {
      this.#numbers = { records: this.#numbers?.records, counts, requests };
    },
  };

  /** Ends within ten seconds, whoever listens. */
  async end(exitCode: number): Promise<void> {
    clearInterval(this.#timer);
    if (exitCode === 0) this.#lastSuccessAtMs = this.#clock.now();
    if (this.#settings.metricsFile !== undefined) this.#write(exitCode);
    await this.#writing;
    await this.#heartbeat?.end(exitCode, this.#terminal.finalText);
  }

  #write(exitCode: number | undefined): void {
    const { metricsFile, command } = this.#settings;
    const { counts, records, requests } = this.#numbers ?? {};
    const text = prometheusText({
      version: this.#version,
      command,
      startedAtMs: this.#startedAtMs,
      updatedAtMs: this.#clock.now(),
      exitCode,
      lastSuccessAtMs: this.#lastSuccessAtMs,
      counts,
      records,
      requests,
    });
    // One after the other: the last one written is the last one taken.
    this.#writing = this.#writing
      .then(() => writeMetrics(metricsFile!, text))
      .catch((error: unknown) => {
        if (this.#hasWarned) return;
        this.#hasWarned = true;
        const why = messageOf(error);
        this.#terminal.warn(`The metrics file ${metricsFile} cannot be written: ${why}.`);
      });
  }
}
