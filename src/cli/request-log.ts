import type { RequestObserver, ToldRequest } from '../okta/http/request-observer.js';
import { printable } from '../report/escape-control-characters.js';
import type { Talk } from './console.js';

/** Tells of every request, wait and retry; undefined when nobody wants to know, so that it costs nothing. */
export function requestLog(talk: Talk): RequestObserver | undefined {
  if (!talk.hears('request.answered')) return undefined;
  return {
    answered(request, answer) {
      const { status, durationMs, requestId, remaining, limit } = answer;
      const room = remaining === undefined ? '' : `, ${remaining} of ${limit} left`;
      const id = requestId === undefined ? '' : `, ${printable(requestId)}`;
      talk.say('request.answered', { ...request, ...answer }, [
        `  ${shown(request)}: ${status} in ${durationMs} ms${room}${id}`,
      ]);
    },
    unanswered(request, failure) {
      talk.say('request.unanswered', { ...request, ...failure }, [
        `  ${shown(request)}: no answer after ${failure.durationMs} ms: ${printable(failure.reason)}`,
      ]);
    },
    retried({ method, path }, { failedTries, pauseMs, reason }) {
      const pause = Math.round(pauseMs);
      talk.say('request.retried', { method, path, failedTries, pauseMs: pause, reason }, [
        `  ${method} ${printable(path)}: again in ${pause} ms, after ${printable(reason)}`,
      ]);
    },
    waitStarted(bucket, { ms, limit }) {
      talk.say('wait.started', { bucket, seconds: seconds(ms), limit }, [
        `  ${bucket}: waiting ${seconds(ms)} s for the next window${limit === undefined ? '' : ` (${limit} a minute)`}`,
      ]);
    },
    waitEnded(bucket, waitedMs) {
      talk.say('wait.ended', { bucket, seconds: seconds(waitedMs) }, [
        `  ${bucket}: goes on after ${seconds(waitedMs)} s`,
      ]);
    },
  };
}

function shown({ method, path }: ToldRequest): string {
  return `${method} ${printable(path)}`;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
