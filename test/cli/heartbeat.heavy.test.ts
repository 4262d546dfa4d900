import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

it('delays the end of a run by at most ten seconds if the monitor does not respond', async () => {
  const monitor = createServer(() => {});
  await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    monitor.closeAllConnections();
    monitor.close();
  });
  const { port } = monitor.address() as AddressInfo;
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(2));
  const heartbeat = `--heartbeat=http://127.0.0.1:${port}/ping`;
  const { exitCode, stderr } = await cli(['import', file, '--sandbox', '--run-id=it', heartbeat], { at });
  const delayMs = Date.now() - Date.parse(at.run('it').summary.finishedAt);

  expect(exitCode).toBe(0);
  expect(stderr).toContain('The heartbeat (0) was not delivered');
  expect(delayMs).toBeLessThan(15_000);
});
