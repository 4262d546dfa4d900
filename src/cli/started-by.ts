import { hostname, userInfo } from 'node:os';

import type { StartedBy } from '../journal/journal-line.js';

/** The account, machine and time zone of this process. Without Intl, which takes tens of milliseconds to load. */
export function startedBy(nowMs: number): StartedBy {
  const now = new Date(nowMs);
  return {
    user: userName(),
    host: hostname(),
    timeZone: /\((.+)\)$/.exec(now.toString())?.[1],
    utcOffsetMinutes: -now.getTimezoneOffset(),
  };
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // The account has no name, as in some containers.
    return undefined;
  }
}
