/** Long enough to recognise a value, short enough for one line of a report. */
const MAX_QUOTED = 60;

/** Characters that would break the line, colour the terminal or turn the text around. */
const unprintable = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** A cell's value as messages show it: in quotes, long ones cut, unprintable characters spelled out. Never a secret. */
export function quoted(value: string): string {
  const shown = value.length <= MAX_QUOTED ? value : `${value.slice(0, MAX_QUOTED)}…`;
  return `"${shown.replace(unprintable, spelledOut)}"`;
}

function spelledOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
