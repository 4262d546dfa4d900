import type { Surroundings } from './command-context.js';
import type { ScopeNeeds } from '../okta/auth/authenticator.js';
import type { Environment, InspectedOrg, Org, OrgFlags } from '../settings/load.js';

/** What the commands' declarations need to start them. */
export interface CommandContext {
  readonly surroundings: Surroundings;
  /** Takes the exit code of the command that ran. */
  readonly end: (exitCode: number) => void;
  /** See `settings/load.ts`, which is loaded when a command asks for an org: `--help` does without. */
  readonly loadOrg: (flags: OrgFlags, scopes: ScopeNeeds) => Promise<Org>;
  readonly inspectOrg: (flags: OrgFlags, scopes: ScopeNeeds) => Promise<InspectedOrg>;
}

/** @param env - the process's environment. */
export function commandContext(
  env: Environment,
  { surroundings, end }: Pick<CommandContext, 'surroundings' | 'end'>,
): CommandContext {
  return {
    surroundings,
    end,
    async loadOrg(flags, scopes) {
      const { loadOrg } = await import('../settings/load.js');
      return loadOrg(flags, env, scopes);
    },
    async inspectOrg(flags, scopes) {
      const { inspectOrg } = await import('../settings/load.js');
      return inspectOrg(flags, env, scopes);
    },
  };
}
