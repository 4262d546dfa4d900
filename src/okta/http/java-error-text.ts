/** One error of a Java validator as Okta may send it (Spring's `FieldError` and `ObjectError`). */
const ERROR_START = /(?=\b(?:Field error|Error) in object ')/;

/**
 * Reads the text of a Java exception as causes in Okta's usual form: `jobTitle: The field cannot be left blank`. The value that
 * was rejected is left out, since it may be a secret. Any other text is returned as it is.
 */
export function causesIn(text: string): readonly string[] {
  const causes = text.split(ERROR_START).flatMap((part) => causeIn(part) ?? []);
  return causes.length > 0 ? causes : [text];
}

function causeIn(error: string): string | undefined {
  if (!/^(?:Field error|Error) in object '/.test(error)) return undefined;
  // The arguments before it may have default messages of their own, such as the name of the field.
  const messages = [...error.matchAll(/default message \[((?:[^[\]]|\[[^[\]]*\])*)\]/g)];
  const message = messages.at(-1)?.[1]?.trim();
  if (message === undefined || message === '' || message === 'null') return undefined;
  const [, path] = /^Field error in object '[^']*' on field '([^']*)'/.exec(error) ?? [];
  return path === undefined ? message : `${fieldIn(path)}: ${message}`;
}

/** `profile.jobTitle` and `profile[jobTitle]` are the attribute `jobTitle`. */
function fieldIn(path: string): string {
  return path.replace(/^profile(?:\.|(?=\[))/, '').replace(/^\[['"]?(.*?)['"]?\]$/, '$1');
}
