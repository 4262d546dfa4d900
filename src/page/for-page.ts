/** A message of a row or a run in the words of the page, which has controls in place of flags. */
export function forPage(message: string): string {
  return (
    message
      .replace(' with --create-groups', ' in the step Plan')
      .replaceAll(/ \(--[^)]*\)/g, '')
      // A message begins with the name of its column, which may end with a colon itself.
      .replace(/^([^:]*):: /, '$1: ')
  );
}
