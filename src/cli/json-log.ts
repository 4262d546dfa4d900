import { closeSync, openSync, writeFileSync } from 'node:fs';

import { OktaImportError } from '../errors.js';

import type { EventName, Level } from './log-events.js';
import { messageOf } from '../text.js';

/** Where events go as JSON, one a line. */
export interface JsonLog {
  write(level: Level, event: EventName, fields: object, message: string): void;
  close(): void;
}

/** The log file cannot be written. */
export class LogFileError extends OktaImportError {
  override readonly code = 'ERR_LOG_FILE';
}

export function jsonLogTo(stream: { write(line: string): unknown }): JsonLog {
  return loggingTo(
    (line) => stream.write(line),
    () => {},
  );
}

/**
 * Adds to a file, which is made for its owner only.
 *
 * @param tell - hears, at most once, that it cannot be written any more.
 * @throws {LogFileError}
 */
export function openLogFile(path: string, tell: (words: string) => void): JsonLog {
  let file: number;
  try {
    file = openSync(path, 'a', 0o600);
  } catch (error) {
    throw new LogFileError(`The log file ${path} cannot be written: ${messageOf(error)}.`, {
      hint: 'Give another with --log-file.',
      cause: error,
    });
  }
  let isLost = false;
  const write = (line: string): void => {
    if (isLost) return;
    try {
      // Synchronous: the last lines before a crash are those that matter.
      writeFileSync(file, line);
    } catch (error) {
      isLost = true;
      tell(`The log file ${path} cannot be written any more: ${messageOf(error)}.`);
    }
  };
  return loggingTo(write, () => closeSync(file));
}

/** The lines carry neither process id nor host name: whatever collects them knows both. */
function loggingTo(writeLine: (line: string) => void, close: () => void): JsonLog {
  return {
    write(level, event, fields, message) {
      const time = new Date().toISOString();
      const msg = message === '' ? undefined : message;
      writeLine(`${JSON.stringify({ level, time, event, ...fields, msg })}\n`);
    },
    close,
  };
}
