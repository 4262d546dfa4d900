import { onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';

/** A sandbox org and its settings, closed after the test. */
export async function sandboxOrg(
  options: SandboxOptions = {},
): Promise<{ readonly okta: Sandbox; readonly env: Readonly<Record<string, string>> }> {
  const okta = await startSandbox(options);
  onTestFinished(() => okta.close());
  return { okta, env: orgSettings(okta) };
}
