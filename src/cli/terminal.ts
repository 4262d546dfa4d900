import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

import { OktaImportError } from '../errors.js';
import { escapeControlCharacters } from '../text.js';

import { createColorize, type Colorize } from './colors.js';
import type { JsonLog } from './json-log.js';
import { EVENTS, type EventName, type FieldsOf, type Level } from './log-events.js';
import { StatusLine, type StatusPart } from './status-line.js';
import { wrap } from './wrap.js';

/** A stream that may be a terminal. */
export interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
  /** Current width of the terminal. */
  readonly columns?: number;
}

export interface TerminalOptions {
  readonly stderr: TerminalStream;
  /** Whether a line may be overwritten, as a status line is. */
  readonly isInteractive: boolean;
  readonly hasColors: boolean;
}

export interface LogSettings {
  /** Print only warnings and errors. */
  readonly quiet: boolean;
  /** Also print every request, wait and retry. */
  readonly verbose: boolean;
  readonly format: 'text' | 'json';
  /** Gets all events as JSON, including those that `quiet` suppresses. */
  readonly logFile: string | undefined;
}

const SEVERITY: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Everything that is printed on stderr, as text or as JSON events, and copied to the log file.
 *
 * Output errors never change what a command does.
 */
export class Terminal {
  readonly isInteractive: boolean;
  readonly colorize: Colorize;
  readonly hasColors: boolean;
  /** Lines that were typed before they were asked for. */
  readonly typedAhead: string[] = [];
  readonly #stderr: TerminalStream;
  readonly #statusLine: StatusLine;
  #settings: LogSettings = { quiet: false, verbose: false, format: 'text', logFile: undefined };
  /** Replaces text on stderr. */
  #jsonLog: JsonLog | undefined;
  #logFile: JsonLog | undefined;
  readonly #finalTexts: string[] = [];

  constructor({ stderr, isInteractive, hasColors }: TerminalOptions) {
    this.isInteractive = isInteractive;
    this.hasColors = hasColors;
    this.colorize = createColorize(hasColors);
    this.#stderr = stderr;
    this.#statusLine = new StatusLine(stderr);
  }

  /**
   * Applies the settings. Anything logged earlier was printed as text.
   *
   * @throws {LogFileError} the log file cannot be written.
   */
  async open(settings: LogSettings): Promise<void> {
    this.#settings = settings;
    if (settings.format === 'text' && settings.logFile === undefined) return;
    const { jsonLogTo, openLogFile } = await import('./json-log.js');
    if (settings.format === 'json') this.#jsonLog = jsonLogTo(this.#stderr);
    if (settings.logFile === undefined) return;
    this.#logFile = openLogFile(settings.logFile, (message) => {
      this.#logFile = undefined;
      this.warn(message);
    });
  }

  /** Whether people read stderr at a terminal, where they know the working directory. */
  get isTerminal(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Whether stderr gets JSON instead of text. */
  get isJson(): boolean {
    return this.#jsonLog !== undefined;
  }

  get isQuiet(): boolean {
    return this.#settings.quiet;
  }

  /** Whether such an event goes anywhere: ask before building one for every row or request. */
  isEnabled(event: EventName): boolean {
    const { level } = EVENTS[event];
    return this.#isLogged(level) || this.#isPrinted(level);
  }

  /**
   * Logs an event.
   *
   * @param lines - the event as text; empty if people do not need to see it. The caller escapes control characters.
   * @param level - overrides the event's own level.
   */
  log<E extends EventName>(
    event: E,
    fields: FieldsOf<E>,
    lines: readonly string[],
    level: Level = EVENTS[event].level,
  ): void {
    const text = lines.join('\n');
    const message = this.hasColors ? stripVTControlCharacters(text) : text;
    if (event === 'run.ended' || event === 'error') this.#finalTexts.push(message);
    if (this.#isLogged(level)) this.#logFile?.write(level, event, fields, message);
    if (!this.#isPrinted(level)) return;
    if (this.#jsonLog !== undefined) this.#jsonLog.write(level, event, fields, message);
    else if (lines.length > 0) this.#print(lines);
  }

  /** The end-of-run text or the error message, even if it was not printed. */
  get finalText(): string {
    return this.#finalTexts.join('\n');
  }

  info(text: string): void {
    this.log('note', {}, text.split('\n'));
  }

  /** Printed even with `quiet`. */
  warn(text: string): void {
    this.log('warning', {}, text.split('\n'));
  }

  /** Logs why the command failed. @returns the exit code. */
  fail(error: unknown): number {
    if (error instanceof OktaImportError) {
      const { code, hint, exitCode } = error;
      const lines = `okta-csv-import: ${error.message}\n${hint}`.split('\n');
      // A message may quote text from a file.
      this.log('error', { code, hint, exitCode, stack: undefined }, lines.map(escapeControlCharacters));
      return exitCode;
    }
    const stack = error instanceof Error ? error.stack : String(error);
    this.log('error', { code: 'ERR_BUG', hint: undefined, exitCode: 3, stack }, [
      'okta-csv-import: Internal error. This is a bug in okta-csv-import; please report it:',
      String(stack),
    ]);
    return 3;
  }

  /** Draws the status line, on an interactive terminal only. */
  drawStatus(parts: readonly StatusPart[]): void {
    if (this.isInteractive && !this.isJson) this.#statusLine.draw(parts);
  }

  clearStatus(): void {
    this.#statusLine.clear();
  }

  /** Where to ask a question. Clears the status line. */
  get promptStream(): TerminalStream {
    this.clearStatus();
    return this.#stderr;
  }

  close(): void {
    this.clearStatus();
    this.#logFile?.close();
  }

  #isPrinted(level: Level): boolean {
    const { quiet, verbose } = this.#settings;
    return SEVERITY[level] >= SEVERITY[quiet ? 'warn' : verbose ? 'debug' : 'info'];
  }

  #isLogged(level: Level): boolean {
    const lowest = this.#settings.verbose ? 'debug' : 'info';
    return this.#logFile !== undefined && SEVERITY[level] >= SEVERITY[lowest];
  }

  #print(lines: readonly string[]): void {
    const { isTTY, columns } = this.#stderr;
    const wrapped = isTTY && columns ? lines.map((line) => wrap(line, columns)) : lines;
    this.#statusLine.clear();
    this.#stderr.write(`${wrapped.join('\n')}\n`);
  }
}
