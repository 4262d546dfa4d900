import { closeSync, constants, fstatSync, openSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { hasErrorCode, OktaImportError } from '../errors.js';
import { APPEND_NO_LINK } from '../private-file.js';
import { messageOf, unicodeEscape } from '../text.js';

import type { EventName, Level } from './log-events.js';

/** Writes events as JSON, one per line. */
export interface JsonLog {
  write(level: Level, event: EventName, fields: object, message: string): void;
  close(): void;
}

/** The log file cannot be written. */
export class LogFileError extends OktaImportError {
  override readonly code = 'ERR_LOG_FILE';
}

export function jsonLogTo(stream: { write(line: string): unknown }): JsonLog {
  return jsonLog(
    (line) => stream.write(line),
    () => {},
  );
}

/**
 * Appends to a file, which is created for its owner only.
 *
 * @param onError - called at most once, when the file can no longer be written.
 * @throws {LogFileError}
 */
export function openLogFile(path: string, onError: (message: string) => void): JsonLog {
  let file: number;
  try {
    // /dev/stdout is a link, and other users cannot create links there.
    const isDevice = dirname(resolve(path)) === '/dev';
    file = isDevice ? openSync(path, 'a') : openWithoutWaiting(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENXIO')) {
      throw new LogFileError(`The log file ${path} is a pipe that nothing reads.`, {
        hint: 'Name a regular file with --log-file, or start the program that reads the pipe first.',
        cause: error,
      });
    }
    if (hasErrorCode(error, 'ELOOP')) {
      throw new LogFileError(`The log file ${path} is a link.`, {
        hint: 'Name the file that it points to with --log-file, or delete the link.',
        cause: error,
      });
    }
    throw new LogFileError(`Cannot write the log file ${path}: ${messageOf(error)}.`, {
      hint: 'Choose another file with --log-file.',
      cause: error,
    });
  }
  let hasFailed = false;
  const write = (line: string): void => {
    if (hasFailed) return;
    try {
      // Synchronous, because the last lines before a crash matter most.
      writeFileSync(file, line);
    } catch (error) {
      hasFailed = true;
      onError(`Cannot write the log file ${path} any longer: ${messageOf(error)}.`);
    }
  };
  return jsonLog(write, () => closeSync(file));
}

/** To open a pipe for writing would wait for its reader. */
function openWithoutWaiting(path: string): number {
  const file = openSync(path, APPEND_NO_LINK | constants.O_CREAT | (constants.O_NONBLOCK ?? 0), 0o600);
  if (!fstatSync(file).isFIFO()) return file;
  try {
    // It has a reader, for whom a write may wait.
    return openSync(path, APPEND_NO_LINK);
  } finally {
    closeSync(file);
  }
}

/** JSON may hold them as they are, but a terminal that shows the log obeys them: C1 controls, and marks that reverse text. */
const TERMINAL_CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Lines have neither process ID nor host name; log collectors add both. */
function jsonLog(writeLine: (line: string) => void, close: () => void): JsonLog {
  return {
    write(level, event, fields, message) {
      const time = new Date().toISOString();
      const msg = message === '' ? undefined : message;
      const json = JSON.stringify({ level, time, event, ...fields, msg });
      writeLine(`${json.replaceAll(TERMINAL_CONTROLS, unicodeEscape)}\n`);
    },
    close,
  };
}
