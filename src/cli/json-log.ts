import { pino, type DestinationStream } from 'pino';

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

export function jsonLogTo(stream: DestinationStream): JsonLog {
  return loggingTo(stream, () => {});
}

/**
 * Adds to a file, which is made for its owner only.
 *
 * @param tell - hears, at most once, that it cannot be written any more.
 * @throws {LogFileError}
 */
export function openLogFile(path: string, tell: (words: string) => void): JsonLog {
  try {
    // Written at once: the last lines before a crash are those that matter.
    const file = pino.destination({ dest: path, sync: true, append: true, mode: 0o600 });
    let isLost = false;
    file.on('error', (error: unknown) => {
      if (!isLost) tell(`The log file ${path} cannot be written any more: ${messageOf(error)}.`);
      isLost = true;
    });
    return loggingTo(file, () => file.end());
  } catch (error) {
    throw new LogFileError(`The log file ${path} cannot be written: ${messageOf(error)}.`, {
      hint: 'Give another with --log-file.',
      cause: error,
    });
  }
}

function loggingTo(stream: DestinationStream, close: () => void): JsonLog {
  const logger = pino(
    {
      // Neither process id nor host name: whatever collects the lines knows them.
      base: null,
      level: 'debug',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  return {
    write(level, event, fields, message) {
      if (message === '') logger[level]({ event, ...fields });
      else logger[level]({ event, ...fields }, message);
    },
    close,
  };
}
