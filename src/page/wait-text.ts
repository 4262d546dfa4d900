import type { Wait } from '../jobs/run-observer.js';

/** What all requests wait for, in words. */
export function waitText(wait: Wait | undefined): string | undefined {
  switch (wait?.kind) {
    case undefined:
      return undefined;
    case 'org-unavailable':
      return `The org has not responded for ${wait.seconds} s. Requests are retried until it does.`;
    case 'rate-limit': {
      const limit = wait.limit === undefined ? '' : ` (${wait.limit} requests per minute)`;
      return `Waiting for the rate limit of the org${limit}: ${wait.seconds} s.`;
    }
    default:
      return wait satisfies never;
  }
}
