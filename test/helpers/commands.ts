/** The commands that the help of the program names. */
export function commandsIn(help: string): string[] {
  const [, list = ''] = /^Commands:\n(.*?)\n\n/ms.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z-]+)(?: <\w+>)? {2}/gm)].map(([, command]) => command!);
}
