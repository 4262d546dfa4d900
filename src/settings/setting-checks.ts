import { SettingsError } from './error.js';

/** Collects what is wrong with the settings, in the order in which it is found. */
export class SettingChecks {
  readonly problems: string[] = [];
  readonly warnings: string[];
  #missing = 0;
  #hint: string | undefined;

  constructor(warnings: readonly string[] = []) {
    this.warnings = [...warnings];
  }

  addMissing(message: string): void {
    this.#missing += 1;
    this.problems.push(message);
  }

  /** @param hint - replaces the general hint. */
  addInvalid(message: string, hint?: string): void {
    this.problems.push(message);
    this.#hint ??= hint;
  }

  addWarning(message: string): void {
    this.warnings.push(message);
  }

  /** @param options.canUseSandbox - whether the command has the flag `--sandbox`. */
  toError({ canUseSandbox }: { readonly canUseSandbox: boolean }): SettingsError {
    const invalid = this.problems.length - this.#missing;
    const steps = [
      ...(this.#missing > 0 ? [`Add the missing ${settings(this.#missing)}.`] : []),
      ...(invalid > 0 ? [`Correct the invalid ${settings(invalid)}.`] : []),
      ...(canUseSandbox ? ['To try the program without an org, add --sandbox.'] : []),
    ];
    return new SettingsError(this.problems.join('\n'), { hint: this.#hint ?? steps.join(' ') });
  }
}

function settings(count: number): string {
  return count === 1 ? 'setting' : 'settings';
}
