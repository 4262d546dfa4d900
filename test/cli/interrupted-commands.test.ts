import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';
import { forbidSecondMail } from '../helpers/mails.js';
import { until } from '../helpers/until.js';

it.each([
  { args: ['undo', 'it', '--yes'], operation: 'deleteUser', count: 'removed' },
  { args: ['activate', 'it'], operation: 'activateUser', count: 'activated' },
] as const)(
  'an interrupted $args.0 finishes the users that it has begun',
  async ({ args, operation, count }) => {
    const okta = await startSandbox({ latencyMs: 10, rateLimits: { limits: 100_000 } });
    onTestFinished(() => okta.close());
    forbidSecondMail(okta);
    const [at, env] = [workplace(), orgSettings(okta)];
    const file = at.file('people.csv', peopleCsv(30));
    await cli(['import', file, '--no-activate', '--run-id=it', '--quiet'], { at, env });
    const interrupt = (async () => {
      await until(() => okta.ledger.requests({ operation }) >= 5);
      return 'SIGINT' as const;
    })();

    const interrupted = await cli([...args, '--concurrency=4', '--json'], { at, env, interrupt });

    const { exitCode, counts } = JSON.parse(interrupted.stdout) as {
      exitCode: number;
      counts: Record<string, number>;
    };
    expect(exitCode).toBe(130);
    expect(counts).toMatchObject({ failed: 0, total: 30, [count]: 30 - counts['notAttempted']! });
    expect(counts['notAttempted']).toBeGreaterThan(0);
    expect(okta.users().filter(({ status }) => status === 'DEPROVISIONED')).toEqual([]);
  },
);
