// An org that responds immediately, in its own process. It does as little work per request as a server can, so that the client is
// measured. Every create gets a response with a user of the profile that was sent, and the rate limit is never used up.
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';

const [{ latencyMs, slowMs, schema, stallsAfter = Number.POSITIVE_INFINITY }] = await once(
  process,
  'message',
);

let requests = 0;
let inFlight = 0;
let mostInFlight = 0;
let creates = 0;
/** After so many creates, the others get no response until the message "go on". */
let stallsAt = stallsAfter;
const HEAD_END = Buffer.from('\r\n\r\n');
const USER_END = Buffer.from(
  ',"credentials":{"provider":{"type":"OKTA","name":"OKTA"}},"_links":{"self":{"href":"https://acme.okta.com"}}}',
);
const ME = userAnswer(Buffer.from('{"profile":{"login":"admin@example.com","email":"admin@example.com"}}'));
const SCHEMA = answer(Buffer.from(JSON.stringify(schema)));
const NOT_FOUND = answer(Buffer.from('{"errorCode":"E0000007","errorSummary":"Not found"}'), '404 Not Found');

const server = createServer({ noDelay: true }, (socket) => {
  let unread = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (;;) {
      const headEnd = unread.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const head = unread.latin1Slice(0, headEnd);
      const bodyAt = headEnd + HEAD_END.length;
      const bodyBytes = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (unread.length < bodyAt + bodyBytes) return;
      const body = unread.subarray(bodyAt, bodyAt + bodyBytes);
      unread = unread.subarray(bodyAt + bodyBytes);
      requests += 1;
      const isCreate = head.startsWith('POST');
      if (isCreate && creates >= stallsAt) {
        process.send('stalled');
        continue;
      }
      if (isCreate) creates += 1;
      const bytes = isCreate ? userAnswer(body) : readAnswer(head);
      if (latencyMs === 0) {
        socket.write(bytes);
        continue;
      }
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      setTimeout(
        () => {
          inFlight -= 1;
          socket.write(bytes);
        },
        slowMs !== undefined && requests % 10 === 0 ? slowMs : latencyMs,
      );
    }
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', (message) => {
  if (message === 'go on') stallsAt = Number.POSITIVE_INFINITY;
  else process.send({ requests, mostInFlight });
});
process.send({ url: `http://127.0.0.1:${server.address().port}` });
await once(process, 'disconnect');
process.exit();

function readAnswer(head) {
  if (head.includes('/meta/')) return SCHEMA;
  return head.startsWith('GET /api/v1/users/me') ? ME : NOT_FOUND;
}

/** @param body - The body of a create: `{"profile":{…}}`. */
function userAnswer(body) {
  const id = `00u${String(requests).padStart(17, '0')}`;
  const at = '2026-01-01T00:00:00.000Z';
  const begin = `{"id":"${id}","status":"STAGED","created":"${at}","activated":null,"statusChanged":null,"lastLogin":null,"lastUpdated":"${at}","passwordChanged":null,"type":{"id":"oty00000000000000001"},`;
  return answer(Buffer.concat([Buffer.from(begin), body.subarray(1, -1), USER_END]));
}

function answer(body, status = '200 OK') {
  const nowMs = Date.now();
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Date: ${new Date(nowMs).toUTCString()}`,
    `X-Okta-Request-Id: req${String(requests).padStart(17, '0')}`,
    'X-Rate-Limit-Limit: 100000000',
    'X-Rate-Limit-Remaining: 99999999',
    `X-Rate-Limit-Reset: ${Math.ceil(nowMs / 60_000) * 60}`,
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
