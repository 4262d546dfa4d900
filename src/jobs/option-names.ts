import { OktaImportError } from '../errors.js';

/** Flags whose option has another name, or is none of the job's. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['--group', 'groups'],
  ['--no-activate', 'activate: false'],
  ['--org', 'client'],
  ['--org-url', 'orgUrl'],
  ['--ca', 'network.ca'],
  ['--file', 'source'],
]);

/** A text for users of the library: messages are written for the command line, whose flags are the library's options. */
export function withOptionNames(text: string): string {
  return text
    .replaceAll(/--[a-z]+(?:-[a-z]+)*/g, optionOf)
    .replaceAll(
      /okta-csv-import (\w+) (\S+)/g,
      (_, command: string, run: string) => `${command}Run("${run}")`,
    );
}

function optionOf(flag: string): string {
  return (
    OPTIONS.get(flag) ?? flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  );
}

/** An error for users of the library. */
export function nameOptions(error: unknown): unknown {
  if (error instanceof OktaImportError) {
    error.message = withOptionNames(error.message);
    error.hint = withOptionNames(error.hint);
  }
  return error;
}
