// A sandbox org in a process of its own: first message in, its options; out, where it is. Then its ledger on demand.
import process from 'node:process';

import { startSandbox } from '../../dist/sandbox/server.js';

process.once('message', async (options) => {
  const org = await startSandbox(options);
  process.on('message', () => {
    const { windows, rateLimited, created } = org.ledger;
    process.send({
      windows: windows.filter(({ bucket }) => bucket === '/api/v1/users'),
      overruns: rateLimited.rate,
      created: created.length,
    });
  });
  process.once('disconnect', () => org.close());
  process.send({ url: org.url, token: org.token });
});
