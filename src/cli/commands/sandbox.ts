import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { OktaImportError } from '../../errors.js';
import { demoSeed } from '../../sandbox/demo-seed.js';
import { sameLimits } from '../../sandbox/rate-limits.js';
import { startSandbox } from '../../sandbox/server.js';
import type { ServiceAppSeed } from '../../sandbox/service-apps.js';

import { scopes } from '../scopes.js';
import type { Surroundings } from '../command-context.js';
import { messageOf } from '../../text.js';

export interface SandboxFlags {
  readonly port: number;
  /** Requests a minute in every bucket; undefined for those of a Workforce org. */
  readonly rateLimit: number | undefined;
  /** Most requests in flight. */
  readonly concurrencyLimit: number;
  readonly latencyMs: number;
  /** New file for the private key of an app that may sign in by OAuth; undefined for an API token only. */
  readonly appKey: string | undefined;
}

/** The port cannot be had. */
class PortError extends OktaImportError {
  override readonly code = 'ERR_PORT';
}

/** The key of the app cannot be written. */
class AppKeyError extends OktaImportError {
  override readonly code = 'ERR_APP_KEY';
}

/** As an org's admin would register it: with the scopes of an import, and with DPoP, which new apps have. */
const APP = { clientId: '0oaSandboxApp', dpop: true } as const;

/** `sandbox`: serves an Okta org in a box until interrupted. @returns the exit code. */
export async function serveSandbox(flags: SandboxFlags, surroundings: Surroundings): Promise<number> {
  const { port, rateLimit, concurrencyLimit, latencyMs, appKey } = flags;
  const serviceApps = appKey === undefined ? [] : [await registerApp(appKey)];
  const sandbox = await startSandbox({
    port,
    seed: demoSeed,
    concurrencyLimit,
    latencyMs,
    serviceApps,
    ...(rateLimit !== undefined && { rateLimits: { limits: sameLimits(rateLimit) } }),
  }).catch((error: unknown) => {
    const why = messageOf(error);
    throw new PortError(`Port ${port} cannot be listened on: ${why}.`, {
      hint: 'Choose another with --port, or 0 to let the system pick.',
      cause: error,
    });
  });
  const interrupted = new Promise<void>((resolve) => surroundings.onInterrupt(() => resolve()));
  const settings =
    appKey === undefined
      ? { OKTA_CLIENT_TOKEN: sandbox.token }
      : {
          OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
          OKTA_CLIENT_CLIENTID: APP.clientId,
          OKTA_CLIENT_PRIVATEKEY: resolve(appKey),
        };
  const lines = Object.entries({ OKTA_CLIENT_ORGURL: sandbox.url, ...settings });
  surroundings.stdout.write(lines.map(([name, value]) => `${name}=${value}\n`).join(''));
  surroundings.terminal.info(
    `The sandbox org listens on ${sandbox.url}, with ${sandbox.users().length} people. It lives in memory: all is gone when it stops (Ctrl-C).`,
  );
  await interrupted;
  await sandbox.close();
  return 0;
}

/** Makes a key pair, keeps the private half in a file and hands the org the public one. */
async function registerApp(path: string): Promise<ServiceAppSeed> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(path, pem, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    const why = messageOf(error);
    throw new AppKeyError(`The app's key cannot be written: ${why}.`, {
      hint: 'Name a new file with --app-key.',
      cause: error,
    });
  });
  const { required, optional } = scopes.resume;
  const keys = [publicKey.export({ format: 'jwk' })];
  return { ...APP, keys, scopes: [...required, ...optional] };
}
