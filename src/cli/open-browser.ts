import { spawn } from 'node:child_process';

/** A program that opens an address. */
interface Opener {
  readonly program: string;
  readonly args: (address: string) => readonly string[];
  readonly stdin?: (address: string) => string;
}

const OPENERS: Readonly<Record<'darwin' | 'win32' | 'linux', Opener>> = {
  // Arguments can be seen by other users of the machine, and the address lets its reader in; `open` takes it in no other way.
  darwin: {
    program: 'osascript',
    args: () => ['-'],
    stdin: (address) => `open location "${address}"`,
  },
  // `start` takes its first argument in quotes for a title.
  win32: { program: 'cmd', args: (address) => ['/c', 'start', '""', address] },
  // Arguments can be seen here as well, but `isOtherUser` knows who connects.
  linux: { program: 'xdg-open', args: (address) => [address] },
};

/** Opens an address in the browser. Where that is not possible, nothing happens: the address was printed as well. */
export function openBrowser(address: string, platform: NodeJS.Platform = process.platform): void {
  const opener = platform === 'darwin' || platform === 'win32' ? OPENERS[platform] : OPENERS.linux;
  const child = spawn(opener.program, opener.args(address), {
    stdio: [opener.stdin === undefined ? 'ignore' : 'pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.stdin?.end(opener.stdin?.(address));
  child.unref();
}
