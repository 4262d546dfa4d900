import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, it, onTestFinished } from 'vitest';

import { startHttpServer } from '../../src/http-server/http-server.js';

import { pageScene } from './page-client.js';

function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

it('a request whose head never ends is dropped', async () => {
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    headTimeoutMs: 50,
    handle: () => Promise.reject(new Error('The request is not complete.')),
    onError: (error) => expect.fail(String(error)),
    malformedRequestBody: () => '{}',
  });
  onTestFinished(() => server.close());
  const silent = open(server.url);
  const slow = open(server.url);
  slow.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  silent.resume();

  await Promise.all([once(silent, 'close'), text(slow)]);
});

it('more connections than a browser needs are closed, and the page still responds to the browser that is connected', async () => {
  const { server, client } = await pageScene();
  const events = client.events();
  await events.next();

  const sockets = Array.from({ length: 250 }, () => open(server.url).resume());
  await Promise.all(sockets.slice(200).map((socket) => once(socket, 'close')));
  server.session.notify({ id: 'changed', severity: 'info', message: 'Something changed.' });

  expect(await events.next()).toMatchObject({ value: { kind: 'state' } });
  await events.return();
});

it.each([
  ['announced', { 'Content-Length': '9000000' }],
  ['sent in pieces', { 'Transfer-Encoding': 'chunked' }],
])('a body of 9 MB, %s, is refused in words', async (_, headers) => {
  const { server, client } = await pageScene();
  const lines = {
    Host: new URL(server.url).host,
    Cookie: client.cookie,
    Origin: server.url,
    'Content-Type': 'application/json',
    Connection: 'close',
    ...headers,
  };
  const socket = open(server.url);
  socket.write(
    `POST /api/close HTTP/1.1\r\n${Object.entries(lines)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );
  if ('Transfer-Encoding' in headers) {
    const megabyte = ' '.repeat(1_000_000);
    for (let sent = 0; sent < 9; sent += 1) socket.write(`f4240\r\n${megabyte}\r\n`);
    socket.write('0\r\n\r\n');
  }

  const response = await text(socket);

  expect(response).toMatch(/^HTTP\/1.1 413 /);
  expect(response).toContain('The request is too large.');
});

it('a head of 20 kB is refused', async () => {
  const { server } = await pageScene();
  const socket = open(server.url);
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);

  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
});

it('a connection that asks to become a WebSocket is not one', async () => {
  const { server, client } = await pageScene();
  const socket = open(server.url);
  socket.write(
    `GET /api/state HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nCookie: ${client.cookie}\r\n` +
      'Origin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  const [first] = (await once(socket, 'data')) as [Buffer];

  expect(first.toString('latin1')).toMatch(/^HTTP\/1.1 403 /);
});
