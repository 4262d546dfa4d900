// A sandbox org in a process of its own: first message in, its options; out, where it is. Then its ledger on demand.
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
    created: created.length,
  });
});
process.send({ url: org.url, token: org.token });
await once(process, 'disconnect');
await org.close();
