import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { globalAgent } from 'node:http';
import { createServer, type Socket } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { isOtherUser } from '../../src/page/peer-user.js';

import { pageScene, send } from './page-client.js';

/** As in `/proc/net/tcp`: each connection with both of its ends. */
function sockets(...lines: readonly string[]): string {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  return [head, ...lines.map((line, index) => `   ${index}: ${line}`)].join('\n');
}

const REST = '00000000:00000000 00:00000000 00000000';
const SERVER_END = `0100007F:1F9A 0100007F:9C40 01 ${REST}  1000        0 124 1 0000000000000000 20 4 30 10 -1`;
const clientEnd = (user: number, state = '01', address = '0100007F') =>
  `${address}:9C40 ${address}:1F9A ${state} ${REST}  ${user}        0 123 1 0000000000000000 20 4 30 10 -1`;

describe('whose connection it is', () => {
  const socket = { localPort: 8090, remotePort: 40_000 };
  const IPV6 = '0000000000000000FFFF00000100007F';

  it.each([
    ['of the same user', sockets(SERVER_END, clientEnd(1000)), false],
    ['of the same user, by IPv6', sockets(SERVER_END, clientEnd(1000, '01', IPV6)), false],
    ['of root', sockets(SERVER_END, clientEnd(0)), false],
    ['of another user', sockets(SERVER_END, clientEnd(1001)), true],
    ['of another user, by IPv6', sockets(SERVER_END, clientEnd(1001, '01', IPV6)), true],
    [
      'of a user who has closed it, whom the system calls root',
      sockets(SERVER_END, clientEnd(0, '05')),
      true,
    ],
    ['that is not listed', sockets(SERVER_END), true],
    ['on a system without a list', '', false],
  ])('a connection %s', (_, list, expected) => {
    expect(isOtherUser(socket, { ownUser: 1000, sockets: () => list })).toBe(expected);
  });

  it.each([undefined, 0])('a program of the user %s accepts the connections of all', (ownUser) => {
    const list = sockets(SERVER_END, clientEnd(1001));

    expect(isOtherUser(socket, { ownUser, sockets: () => list })).toBe(false);
  });

  it('finds the owner of a real connection', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const isRoot = process.getuid?.() === 0;
    const nobody = 65_534;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = spawn(
      process.execPath,
      ['-e', `require('node:net').connect(${port}, '127.0.0.1').resume()`],
      {
        stdio: 'ignore',
        ...(isRoot && { uid: nobody, cwd: '/' }),
      },
    );
    onTestFinished(() => void client.kill('SIGKILL'));
    const [socket] = await accepted;
    onTestFinished(() => void socket.destroy());
    const owner = isRoot ? nobody : process.getuid?.();

    expect(isOtherUser(socket)).toBe(false);
    if (process.platform !== 'linux' || owner === undefined) return;
    const list = readFileSync('/proc/net/tcp', 'latin1');
    expect(isOtherUser(socket, { ownUser: owner, sockets: () => list })).toBe(false);
    expect(isOtherUser(socket, { ownUser: owner + 1, sockets: () => list })).toBe(true);
  });
});

it('another user of this machine reaches nothing, even with the token and the cookie', async () => {
  let isOther = false;
  const { server, client } = await pageScene({ isOtherUser: () => isOther });
  isOther = true;
  // The connection of the browser stays accepted.
  globalAgent.destroy();
  const { pathname, search } = new URL(server.createAddress());

  for (const path of [pathname + search, '/', '/api/state', '/api/events', '/app.js']) {
    const response = await send(server.url, { path, headers: { Cookie: client.cookie } });
    expect({ path, status: response.status }).toEqual({ path, status: 403 });
    expect(response.text).toContain('another user of this machine');
    expect(response.headers['set-cookie']).toBeUndefined();
  }
});

it('the cookie and the token of a page are in no response and no event', async () => {
  const { server, client } = await pageScene();
  const token = new URL(server.createAddress()).searchParams.get('token')!;
  const cookie = client.cookie.split('=')[1]!;

  const texts = [
    (await client.request('GET', '/')).text,
    (await client.request('GET', '/api/state')).text,
    (await client.request('GET', `/nothing?token=${token}`)).text,
    (await send(server.url, { path: `/?token=${token}x` })).text,
  ];

  expect(texts.join('')).not.toContain(token);
  expect(texts.join('')).not.toContain(cookie);
});
