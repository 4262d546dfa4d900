/** Headings of the commands in the help of the program. */
const HEADINGS = ['Import', 'After a run', 'The org', 'Tools'];

/** The commands that the help of the program names. */
export function commandsIn(help: string): string[] {
  const lists = help
    .split('\n\n')
    .filter((block) => HEADINGS.some((heading) => block.startsWith(`${heading}:\n`)));
  return lists.flatMap((list) =>
    [...list.matchAll(/^ {2}([a-z-]+)(?: (?:<\w+>|\[\w+\]))?(?: {2}|$)/gm)].map(([, command]) => command!),
  );
}
