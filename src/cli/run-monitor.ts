import type { Clock } from '../clock.js';
import type { RunObserver } from '../jobs/run-observer.js';
import { Heartbeat } from '../monitoring/heartbeat.js';
import {
  lastRunsOf,
  prometheusText,
  readMetrics,
  writeMetrics,
  type RunMetrics,
} from '../monitoring/metrics-file.js';
import { messageOf } from '../text.js';

import type { Terminal } from './terminal.js';

/** Where a run is monitored. */
export interface MonitorSettings {
  readonly command: string;
  readonly metricsFile: string | undefined;
  readonly heartbeat: string | undefined;
}

const WRITE_EVERY_MS = 15_000;

/**
 * Writes the metrics file and sends the heartbeats of one command, from before its settings are read until it has ended.
 *
 * Errors here never change what the command does or its exit code.
 */
export class Monitor {
  readonly #settings: MonitorSettings;
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #version: string;
  readonly #startedAtMs: number;
  readonly #heartbeat: Heartbeat | undefined;
  #lastRuns: ReturnType<typeof lastRunsOf> = { lastSuccessAtMs: undefined, lastFinishedAtMs: undefined };
  #numbers: Pick<RunMetrics, 'counts' | 'rows' | 'requests' | 'people'> | undefined;
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
      url === undefined ? undefined : new Heartbeat({ url, warn: (message) => terminal.warn(message) });
  }

  async start(): Promise<void> {
    this.#heartbeat?.start();
    const { metricsFile } = this.#settings;
    if (metricsFile === undefined) return;
    this.#lastRuns = lastRunsOf(await readMetrics(metricsFile));
    this.#write(undefined);
    this.#timer = setInterval(() => this.#write(undefined), WRITE_EVERY_MS);
    this.#timer.unref();
  }

  /** Remembers the counts of the run for the next write. */
  readonly observer: RunObserver = {
    progress: ({ phase, counts, rows, requests }) => {
      if (phase === 'running') this.#numbers = { counts, rows, requests };
    },
    finished: ({ summary: { counts, requests, sync: people } }) => {
      this.#numbers = { rows: this.#numbers?.rows, counts, requests, people };
    },
  };

  /** Takes ten seconds at most, even if the monitor does not respond. */
  async end(exitCode: number): Promise<void> {
    clearInterval(this.#timer);
    const nowMs = this.#clock.now();
    if (exitCode === 0) this.#lastRuns = { lastSuccessAtMs: nowMs, lastFinishedAtMs: nowMs };
    if (exitCode === 1) this.#lastRuns = { ...this.#lastRuns, lastFinishedAtMs: nowMs };
    if (this.#settings.metricsFile !== undefined) this.#write(exitCode);
    await this.#writing;
    await this.#heartbeat?.end(exitCode, this.#terminal.finalText);
  }

  #write(exitCode: number | undefined): void {
    const { metricsFile, command } = this.#settings;
    const { counts, rows, requests, people } = this.#numbers ?? {};
    const text = prometheusText({
      version: this.#version,
      command,
      startedAtMs: this.#startedAtMs,
      updatedAtMs: this.#clock.now(),
      exitCode,
      ...this.#lastRuns,
      counts,
      rows,
      requests,
      people,
    });
    // In sequence, so that the file ends up with the latest metrics.
    this.#writing = this.#writing
      .then(() => writeMetrics(metricsFile!, text))
      .catch((error: unknown) => {
        if (this.#hasWarned) return;
        this.#hasWarned = true;
        this.#terminal.warn(`Cannot write the metrics file ${metricsFile}: ${messageOf(error)}.`);
      });
  }
}
