import type { Surroundings } from '../commands/surroundings.js';
import type { Environment } from '../settings/load.js';

/** What the commands' declarations need to start them. */
export interface CommandContext {
  readonly env: Environment;
  readonly surroundings: Surroundings;
  /** Takes the exit code of the command that ran. */
  readonly end: (exitCode: number) => void;
}
