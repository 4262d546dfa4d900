import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { OktaImportError } from '../../errors.js';
import type { ServiceAppSeed } from '../../sandbox/service-apps.js';
import { messageOf } from '../../text.js';

import { defineCommand } from '../command.js';
import type { CommandContext } from '../command-context.js';
import { logFlags, sandboxFlag } from '../flags.js';
import { PortError } from '../port-error.js';
import { scopes } from '../scopes.js';
import { UsageError } from '../usage-error.js';

export const sandboxCommand = defineCommand({
  name: 'sandbox',
  group: 'Tools',
  description: 'Run a sandbox org until stopped',
  flags: {
    port: { ...sandboxFlag.number('n', 'Port on 127.0.0.1; 0 picks a free one'), default: 0 },
    'rate-limit': sandboxFlag.number(
      'n',
      'Requests per minute in every bucket (default: those of a Workforce org)',
    ),
    'token-share': {
      ...sandboxFlag.number('percent', 'Share of each rate limit that the token or app may use'),
      default: 100,
    },
    'concurrency-limit': { ...sandboxFlag.number('n', 'Maximum number of requests in flight'), default: 75 },
    latency: { ...sandboxFlag.number('ms', 'Delay of every response'), default: 0 },
    lag: {
      ...sandboxFlag.number('ms', 'Delay until searches and group member lists show a change'),
      default: 0,
    },
    'app-key': sandboxFlag.text(
      'file',
      'Register a service app (OAuth 2.0) and write its private key to this new file',
    ),
    ...logFlags,
  },
  examples: [
    ['Print the two settings for connecting to it', 'sandbox --port 8080'],
    ['Simulate a small org with a slow connection', 'sandbox --rate-limit 60 --latency 100'],
    ['Simulate half of the rate limits and searches that lag by 2 s', 'sandbox --token-share 50 --lag 2000'],
  ],
  handler: async (argv, context) => {
    assertWhole('--port', argv.port, 0, 65_535);
    assertWhole('--rate-limit', argv.rateLimit ?? 1, 1, 1_000_000_000);
    assertWhole('--token-share', argv.tokenShare, 1, 100);
    assertWhole('--concurrency-limit', argv.concurrencyLimit, 1, 1_000_000);
    assertWhole('--latency', argv.latency, 0, 600_000);
    assertWhole('--lag', argv.lag, 0, 600_000);
    return serveSandbox({ ...argv, latencyMs: argv.latency, lagMs: argv.lag }, context);
  },
});

/** @throws {UsageError} not a whole number, or out of range. */
function assertWhole(flag: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}.`);
}

export interface SandboxFlags {
  readonly port: number;
  /** Requests per minute in every bucket; undefined for the limits of a Workforce org. */
  readonly rateLimit: number | undefined;
  /** Share of each rate limit, in percent. */
  readonly tokenShare: number;
  /** Maximum number of requests in flight. */
  readonly concurrencyLimit: number;
  readonly latencyMs: number;
  /** How long searches and member lists lag behind. */
  readonly lagMs: number;
  /** New file for the private key of a service app; undefined for an API token only. */
  readonly appKey: string | undefined;
}

/** Writing the private key of the app failed. */
class AppKeyError extends OktaImportError {
  override readonly code = 'ERR_APP_KEY';
}

/** With DPoP, as new apps in Okta have. */
const APP = { clientId: '0oaSandboxApp', dpop: true } as const;

/** Runs a sandbox org until interrupted. @returns The exit code. */
export async function serveSandbox(flags: SandboxFlags, context: CommandContext): Promise<number> {
  const { port, rateLimit, tokenShare, concurrencyLimit, latencyMs, lagMs, appKey } = flags;
  const [{ startSandbox }, { demoSeed }] = await Promise.all([
    import('../../sandbox/server.js'),
    import('../../sandbox/demo-seed.js'),
  ]);
  const serviceApps = appKey === undefined ? [] : [await registerApp(appKey)];
  const sandbox = await startSandbox({
    port,
    seed: demoSeed,
    concurrencyLimit,
    latencyMs,
    serviceApps,
    rateLimits: { limits: rateLimit, tokenShare: tokenShare / 100 },
    orgOptions: { searchLagMs: lagMs, memberLagMs: lagMs, deletionLagMs: lagMs },
  }).catch((error: unknown) => {
    throw new PortError(port, error);
  });
  const interrupted = new Promise<void>((resolve) => context.onInterrupt(() => resolve()));
  const settings =
    appKey === undefined
      ? { OKTA_CLIENT_TOKEN: sandbox.token }
      : {
          OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
          OKTA_CLIENT_CLIENTID: APP.clientId,
          OKTA_CLIENT_PRIVATEKEY: resolve(appKey),
        };
  const lines = Object.entries({ OKTA_CLIENT_ORGURL: sandbox.url, ...settings });
  context.stdout.write(lines.map(([name, value]) => `${name}=${value}\n`).join(''));
  context.terminal.info(
    `The sandbox org is running at ${sandbox.url} with ${sandbox.users().length} users. Its data is in memory only and is lost when it stops (Ctrl-C).`,
  );
  await interrupted;
  await sandbox.close();
  return 0;
}

/** Creates a key pair, writes the private key to a file and registers the public key. */
async function registerApp(path: string): Promise<ServiceAppSeed> {
  const { generateKeyPairSync } = await import('node:crypto');
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(path, pem, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    throw new AppKeyError(`Cannot write the private key of the app: ${messageOf(error)}.`, {
      hint: 'Name a new file with --app-key.',
      cause: error,
    });
  });
  const { required, optional } = scopes.resume;
  const keys = [publicKey.export({ format: 'jwk' })];
  return { ...APP, keys, scopes: [...required, ...optional] };
}
