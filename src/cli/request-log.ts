import type { RequestObserver, LoggedRequest } from '../okta/http/request-observer.js';
import type { Terminal } from './terminal.js';
import { escapeControlCharacters } from '../text.js';

/** Tells of every request, wait and retry; undefined when nobody wants to know, so that it costs nothing. */
export function requestLog(terminal: Terminal): RequestObserver | undefined {
  if (!terminal.isEnabled('request.answered')) return undefined;
  return {
    responded(request, answer) {
      const { status, durationMs, requestId, remaining, limit } = answer;
      const room = remaining === undefined ? '' : `, ${remaining} of ${limit} left`;
      const id = requestId === undefined ? '' : `, ${escapeControlCharacters(requestId)}`;
      terminal.log('request.answered', { ...request, ...answer }, [
        `  ${shown(request)}: ${status} in ${durationMs} ms${room}${id}`,
      ]);
    },
    failed(request, failure) {
      terminal.log('request.unanswered', { ...request, ...failure }, [
        `  ${shown(request)}: no answer after ${failure.durationMs} ms: ${escapeControlCharacters(failure.reason)}`,
      ]);
    },
    retried({ method, path }, { failedTries, pauseMs, reason }) {
      const pause = Math.round(pauseMs);
      terminal.log('request.retried', { method, path, failedTries, pauseMs: pause, reason }, [
        `  ${method} ${escapeControlCharacters(path)}: again in ${pause} ms, after ${escapeControlCharacters(reason)}`,
      ]);
    },
    waitStarted(bucket, { ms, limit }) {
      terminal.log('wait.started', { bucket, seconds: seconds(ms), limit }, [
        `  ${bucket}: waiting ${seconds(ms)} s for the next window${limit === undefined ? '' : ` (${limit} a minute)`}`,
      ]);
    },
    waitEnded(bucket, waitedMs) {
      terminal.log('wait.ended', { bucket, seconds: seconds(waitedMs) }, [
        `  ${bucket}: goes on after ${seconds(waitedMs)} s`,
      ]);
    },
  };
}

function shown({ method, path }: LoggedRequest): string {
  return `${method} ${escapeControlCharacters(path)}`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
