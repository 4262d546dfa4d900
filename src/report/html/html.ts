/** Markup, as opposed to text; only `html` creates it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[] | undefined;

/** Builds markup; values are escaped for use between tags and in double-quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const parts = strings.map((part, index) => part + (index < values.length ? toText(values[index]) : ''));
  return new Markup(parts.join(''));
}

function toText(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // HTML parsers replace NUL, so it is shown as a symbol.
  '\0': '\u2400',
};

export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[&<>"'\0]/g, (character) => ENTITIES[character]!);
}

/** JSON for a script element, which `<` could end. */
export function scriptJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));
}
