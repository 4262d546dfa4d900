import { OktaImportError } from '../errors.js';
import { demoSeed } from '../sandbox/demo-seed.js';
import { sameLimits } from '../sandbox/rate-limits.js';
import { startSandbox } from '../sandbox/server.js';

import type { Surroundings } from './surroundings.js';

export interface SandboxFlags {
  readonly port: number;
  /** Requests a minute in every bucket; undefined for those of a Workforce org. */
  readonly rateLimit: number | undefined;
  /** Most requests in flight. */
  readonly concurrencyLimit: number;
  readonly latencyMs: number;
}

/** The port cannot be had. */
class PortError extends OktaImportError {
  override readonly code = 'ERR_PORT';
}

/** `sandbox`: serves an Okta org in a box until interrupted. @returns the exit code. */
export async function serveSandbox(flags: SandboxFlags, surroundings: Surroundings): Promise<number> {
  const { port, rateLimit, concurrencyLimit, latencyMs } = flags;
  const sandbox = await startSandbox({
    port,
    seed: demoSeed,
    concurrencyLimit,
    latencyMs,
    ...(rateLimit !== undefined && { rateLimits: { limits: sameLimits(rateLimit) } }),
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new PortError(`Port ${port} cannot be listened on: ${why}.`, {
      hint: 'Choose another with --port, or 0 to let the system pick.',
      cause: error,
    });
  });
  const interrupted = new Promise<void>((resolve) => surroundings.onInterrupt(() => resolve()));
  surroundings.stdout.write(`OKTA_CLIENT_ORGURL=${sandbox.url}\nOKTA_CLIENT_TOKEN=${sandbox.token}\n`);
  surroundings.stderr.write(
    `The sandbox org listens on ${sandbox.url}, with ${sandbox.users().length} people. It lives in memory: all is gone when it stops (Ctrl-C).\n`,
  );
  await interrupted;
  await sandbox.close();
  return 0;
}
