import type { RequestObserver, LoggedRequest } from '../okta/http/request-observer.js';
import { escapeControlCharacters } from '../text.js';

import type { Terminal } from './terminal.js';

/** Logs every request, wait and retry; undefined unless `--verbose` is set, so that it costs nothing. */
export function requestLog(terminal: Terminal): RequestObserver | undefined {
  if (!terminal.isEnabled('request.answered')) return undefined;
  return {
    responded(request, response) {
      const { status, durationMs, requestId, remaining, limit } = response;
      const left = remaining === undefined ? '' : `, ${remaining} of ${limit} left`;
      const id = requestId === undefined ? '' : `, ${escapeControlCharacters(requestId)}`;
      terminal.log('request.answered', { ...request, ...response }, [
        `  ${requestText(request)}: ${status} in ${durationMs} ms${left}${id}`,
      ]);
    },
    failed(request, failure) {
      terminal.log('request.unanswered', { ...request, ...failure }, [
        `  ${requestText(request)}: no response after ${failure.durationMs} ms: ${escapeControlCharacters(failure.reason)}`,
      ]);
    },
    retried({ method, path }, { failedTries, pauseMs, reason }) {
      const pause = Math.round(pauseMs);
      terminal.log('request.retried', { method, path, failedTries, pauseMs: pause, reason }, [
        `  ${method} ${escapeControlCharacters(path)}: retrying in ${pause} ms after ${escapeControlCharacters(reason)}`,
      ]);
    },
    waitStarted(bucket, { ms, limit }) {
      terminal.log('wait.started', { bucket, seconds: seconds(ms), limit }, [
        `  ${bucket}: waiting ${seconds(ms)} s for the next rate-limit window${limit === undefined ? '' : ` (${limit}/min)`}`,
      ]);
    },
    waitEnded(bucket, waitedMs) {
      terminal.log('wait.ended', { bucket, seconds: seconds(waitedMs) }, [
        `  ${bucket}: continuing after ${seconds(waitedMs)} s`,
      ]);
    },
  };
}

function requestText({ method, path }: LoggedRequest): string {
  return `${method} ${escapeControlCharacters(path)}`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
