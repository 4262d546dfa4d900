// A sandbox org in its own process. The first message in is its options, the first one out its URL; then its ledger on request.
import { once } from 'node:events';
import process from 'node:process';

import { startSandbox } from '../../dist/index.js';

const [options] = await once(process, 'message');
const org = await startSandbox(options);
process.on('message', () => {
  const { windows, rateLimited, created } = org.ledger;
  process.send({
    windows: windows.filter(({ bucket }) => bucket === '/api/v1/users'),
    overruns: rateLimited.rate,
    concurrencyLimited: rateLimited.concurrency,
    created: created.length,
    requests: org.ledger.requests(),
  });
});
process.send({ url: org.url, token: org.token });
await once(process, 'disconnect');
await org.close();
