/** Long enough to recognise a value, short enough for one line of a report. */
const MAX_QUOTED = 60;

/** A cell's value as messages show it: in quotes, long ones cut. Never give it a secret. */
export function quoted(value: string): string {
  return value.length <= MAX_QUOTED ? `"${value}"` : `"${value.slice(0, MAX_QUOTED)}…"`;
}
