// Orgs in their own processes, so that their work is not measured.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { startSandbox } from '../../dist/index.js';

/**
 * An org that responds immediately, or after `latencyMs`, each tenth time after `slowMs`, and whose rate limit is never used up. After `stallsAfter` creates
 * it is `stalled`, and responds to no more of them until `goOn`.
 */
export async function startInstantOrg({ latencyMs = 0, slowMs, stallsAfter } = {}) {
  const org = await forked('instant-org.mjs', {
    latencyMs,
    slowMs,
    stallsAfter,
    schema: await schemaOfOrg(),
  });
  return { ...org, env: { OKTA_CLIENT_ORGURL: org.url, OKTA_CLIENT_TOKEN: 'bench' } };
}

/** A sandbox org; see `SandboxOptions`. */
export async function startSandboxOrg(options) {
  const org = await forked('sandbox-org.mjs', options);
  return { ...org, env: { OKTA_CLIENT_ORGURL: org.url, OKTA_CLIENT_TOKEN: org.token } };
}

async function forked(script, options) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)));
  child.send(options);
  const [ready] = await once(child, 'message');
  return {
    ...ready,
    /** What the org received. */
    async ledger() {
      child.send('ledger');
      const [ledger] = await once(child, 'message');
      return ledger;
    },
    stalled: () => once(child, 'message'),
    goOn: () => child.send('go on'),
    close: () => child.disconnect(),
  };
}

async function schemaOfOrg() {
  const sandbox = await startSandbox();
  const headers = { authorization: `SSWS ${sandbox.token}` };
  const answer = await fetch(`${sandbox.url}/api/v1/meta/schemas/user/default`, { headers });
  const schema = await answer.json();
  await sandbox.close();
  return schema;
}
