import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

/** Runs `test/sync/forty-nights.soak.test.ts`. @returns whether the org was as the model says after every night. */
export async function fortyNights({ seed, runs }) {
  const child = spawn(process.execPath, [VITEST, 'run', '--project', 'soak'], {
    env: { ...process.env, SOAK_SEED: String(seed), SOAK_RUNS: String(runs) },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}
