import { systemClock, type Clock } from '../../src/clock.js';

/** The system's clock, set to another time. @param time - ISO 8601. */
export function clockAt(time: string): Clock {
  const shiftMs = Date.parse(time) - Date.now();
  return { ...systemClock, now: () => systemClock.now() + shiftMs };
}
