import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

import { OktaImportError } from '../errors.js';

import { createColorize, type Colorize } from './colors.js';
import { EVENTS, type EventName, type FieldsOf, type Level } from './log-events.js';
import type { JsonLog } from './json-log.js';
import type { StatusLine, StatusPart } from './status-line.js';
import { wrap } from './wrap.js';
import { escapeControlCharacters } from '../text.js';

/** A stream that people may be looking at. */
export interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
  /** Of the terminal, as it is now. */
  readonly columns?: number;
}

export interface TerminalOptions {
  /** Standard error: whatever is said goes there, through here. */
  readonly stderr: TerminalStream;
  /** Whether a line may be drawn over. */
  readonly isInteractive: boolean;
  readonly hasColors: boolean;
}

/** What is to be said, by the command line. */
export interface LogSettings {
  /** Only what went wrong. */
  readonly quiet: boolean;
  /** Every request as well, every wait, every retry. */
  readonly verbose: boolean;
  readonly format: 'text' | 'json';
  /** Takes all events as JSON, also those that `quiet` keeps from being said. */
  readonly logFile: string | undefined;
}

const RANK: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * The one mouth of the program: everything that is said on standard error, as words for people or as events for machines.
 *
 * Nothing that goes wrong with talking changes what a command does.
 */
export class Terminal {
  readonly isInteractive: boolean;
  /** Colors words that are to be said. */
  readonly colorize: Colorize;
  readonly hasColors: boolean;
  readonly #stderr: TerminalStream;
  /** Undefined unless stderr is a terminal. */
  #statusLine: StatusLine | undefined;
  #widthOf: ((text: string) => number) | undefined;
  #settings: LogSettings = { quiet: false, verbose: false, format: 'text', logFile: undefined };
  /** In place of words. */
  #lines: JsonLog | undefined;
  #file: JsonLog | undefined;
  readonly #lastWords: string[] = [];

  constructor({ stderr, isInteractive, hasColors }: TerminalOptions) {
    this.isInteractive = isInteractive;
    this.hasColors = hasColors;
    this.colorize = createColorize(hasColors);
    this.#stderr = stderr;
  }

  /**
   * Takes what the command line says of talking. What was said before was said as text.
   *
   * @throws {LogFileError} the log file cannot be written.
   */
  async open(settings: LogSettings): Promise<void> {
    this.#settings = settings;
    if (this.#stderr.isTTY === true) await this.#openScreen();
    if (settings.format === 'text' && settings.logFile === undefined) return;
    // Loaded only when wanted.
    const { jsonLogTo, openLogFile } = await import('./json-log.js');
    if (settings.format === 'json') this.#lines = jsonLogTo(this.#stderr);
    if (settings.logFile === undefined) return;
    this.#file = openLogFile(settings.logFile, (words) => {
      this.#file = undefined;
      this.warn(words);
    });
  }

  /** Whether what is said is read by machines. */
  get isJson(): boolean {
    return this.#lines !== undefined;
  }

  get isQuiet(): boolean {
    return this.#settings.quiet;
  }

  /** Whether anybody would get to know of such an event: ask before making one up for every row or request. */
  isEnabled(event: EventName): boolean {
    const { level } = EVENTS[event];
    return this.#isLogged(level) || this.#isSaid(level);
  }

  /**
   * @param words - one line each, as people read it; none when they do not need to know. Control characters in them are
   *   the caller's to make harmless.
   * @param level - where the event's own does not fit.
   */
  log<E extends EventName>(
    event: E,
    fields: FieldsOf<E>,
    words: readonly string[],
    level: Level = EVENTS[event].level,
  ): void {
    const shown = words.join('\n');
    const message = this.hasColors ? stripVTControlCharacters(shown) : shown;
    if (event === 'run.ended' || event === 'error') this.#lastWords.push(message);
    if (this.#isLogged(level)) this.#file?.write(level, event, fields, message);
    if (!this.#isSaid(level)) return;
    if (this.#lines !== undefined) this.#lines.write(level, event, fields, message);
    else if (words.length > 0) this.#print(words);
  }

  /** How it went, for people: what was said at the end of the run, or of what was wrong instead; also when all is quiet. */
  get finalText(): string {
    return this.#lastWords.join('\n');
  }

  /** Something worth knowing. */
  info(words: string): void {
    this.log('note', {}, words.split('\n'));
  }

  /** Something that may be wrong. Said even when all should be quiet. */
  warn(words: string): void {
    this.log('warning', {}, words.split('\n'));
  }

  /** Why the command could not do its work. @returns the exit code. */
  fail(error: unknown): number {
    if (error instanceof OktaImportError) {
      const { code, hint, exitCode } = error;
      const lines = `okta-csv-import: ${error.message}\n${hint}`.split('\n');
      // What an error quotes of a file may steer nothing.
      this.log('error', { code, hint, exitCode, stack: undefined }, lines.map(escapeControlCharacters));
      return exitCode;
    }
    const stack = error instanceof Error ? error.stack : String(error);
    this.log('error', { code: 'ERR_BUG', hint: undefined, exitCode: 3, stack }, [
      'okta-csv-import: a bug, not something you did. Please report this:',
      String(stack),
    ]);
    return 3;
  }

  /** Draws the line that is drawn over; only where somebody looks at a terminal. */
  drawStatus(parts: readonly StatusPart[]): void {
    if (this.isInteractive && !this.isJson) this.#statusLine?.draw(parts);
  }

  clearStatus(): void {
    this.#statusLine?.clear();
  }

  /** Where a question may be put to somebody at a terminal. */
  get promptStream(): TerminalStream {
    this.clearStatus();
    return this.#stderr;
  }

  close(): void {
    this.clearStatus();
    this.#file?.close();
  }

  /** The widths of all characters take a tenth of a small run to load. */
  async #openScreen(): Promise<void> {
    const [{ StatusLine }, { default: stringWidth }] = await Promise.all([
      import('./status-line.js'),
      import('string-width'),
    ]);
    this.#statusLine = new StatusLine(this.#stderr);
    this.#widthOf = stringWidth;
  }

  #isSaid(level: Level): boolean {
    const { quiet, verbose } = this.#settings;
    return RANK[level] >= RANK[quiet ? 'warn' : verbose ? 'debug' : 'info'];
  }

  #isLogged(level: Level): boolean {
    return this.#file !== undefined && RANK[level] >= RANK[this.#settings.verbose ? 'debug' : 'info'];
  }

  #print(words: readonly string[]): void {
    const { columns } = this.#stderr;
    const widthOf = this.#widthOf;
    const lines = widthOf && columns ? words.map((line) => wrap(line, columns, widthOf)) : words;
    this.#statusLine?.clear();
    this.#stderr.write(`${lines.join('\n')}\n`);
  }
}
