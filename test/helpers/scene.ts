import { onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';

import { orgSettings, type CliResult } from './cli.js';
import { cli } from './in-process-cli.js';
import { interceptedOrg, type InterceptedOrg, type Interceptor } from './intercepted-org.js';
import { workplace, type Workplace } from './workplace.js';

/** A sandbox org, some of whose responses a test replaces, and a folder in which commands run against it. */
export interface Scene {
  readonly okta: Sandbox;
  readonly org: InterceptedOrg;
  readonly at: Workplace;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command with the flags of the scene. */
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

export interface SceneOptions extends SandboxOptions {
  /** Default: the org responds to everything itself. */
  readonly intercept?: Interceptor;
  /** Of every command. */
  readonly flags?: readonly string[];
}

/** Closed after the test. */
export async function scene({
  intercept = () => undefined,
  flags = [],
  ...options
}: SceneOptions = {}): Promise<Scene> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  const org = await interceptedOrg(okta, intercept);
  const at = workplace();
  const env = orgSettings({ url: org.url, token: okta.token });
  return { okta, org, at, env, run: (...args) => cli([...args, ...flags, '--no-progress'], { at, env }) };
}
