/**
 * To be loaded before the program (`node --import`): sets its clocks `ms` ahead, or behind if negative.
 *
 *     node --import 'file:///…/shifted-clock.mjs?ms=-3600000' dist/cli.js …
 */
const shiftMs = Number(new URL(import.meta.url).searchParams.get('ms'));
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now() + shiftMs] : parts));
  }

  static now() {
    return RealDate.now() + shiftMs;
  }
};
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + shiftMs });
