import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import process from 'node:process';

/**
 * Whether a connection comes from another user of this machine. Only Linux tells; elsewhere the token and the cookie alone decide.
 *
 * They have two gaps: browsers send a cookie to every port of a host name, also to one that another user listens on, and an address
 * that is being opened is in the list of processes.
 *
 * @param ownUser - whose connections are accepted. For root, all are: its browser may run as another user.
 */
export function isOtherUser(
  socket: Pick<Socket, 'localPort' | 'remotePort'>,
  { ownUser, sockets }: { readonly ownUser: number | undefined; readonly sockets: () => string } = {
    ownUser: process.getuid?.(),
    sockets: listSockets,
  },
): boolean {
  if (ownUser === undefined || ownUser === 0) return false;
  const list = sockets();
  if (list === '') return false;
  const owner = ownerOf(socket, list);
  // Root forwards ports: of WSL, for example.
  return owner !== ownUser && owner !== 0;
}

/**
 * The user at the other end. Each line has the local and the remote address in hexadecimal, the state, queues, timers, and the user.
 * Only of an established connection (01): the kernel names root for one that its owner has closed.
 */
function ownerOf(
  { localPort, remotePort }: Pick<Socket, 'localPort' | 'remotePort'>,
  sockets: string,
): number | undefined {
  const line = new RegExp(
    `: [0-9A-F]+:${toHex(remotePort)} [0-9A-F]+:${toHex(localPort)} 01 \\S+ \\S+ \\S+ +(\\d+) `,
  ).exec(sockets);
  return line === null ? undefined : Number(line[1]);
}

function toHex(port: number | undefined = 0): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** A program may use IPv6 to connect to an IPv4 address. */
function listSockets(): string {
  try {
    return ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFileSync(path, 'latin1')).join('');
  } catch {
    // Not Linux, or without IPv6: no list rather than half of one.
    return '';
  }
}
