/** Why the settings cannot be used, in the order in which it was found. */
export class SettingProblems {
  readonly #all: string[] = [];
  #missing = 0;

  get all(): readonly string[] {
    return this.#all;
  }

  missing(problem: string): void {
    this.#missing += 1;
    this.#all.push(problem);
  }

  wrong(problem: string): void {
    this.#all.push(problem);
  }

  /**
   * What to do about them.
   *
   * @param options.canUseSandbox - whether the command has the flag `--sandbox`.
   */
  hint({ canUseSandbox }: { readonly canUseSandbox: boolean }): string {
    const steps = [
      ...(this.#missing > 0 ? ['set what is missing'] : []),
      ...(this.#missing < this.#all.length ? ['correct what is wrong'] : []),
    ].join(', ');
    const sandbox = canUseSandbox ? ' To try the program without an org, add --sandbox.' : '';
    return `${steps.charAt(0).toUpperCase()}${steps.slice(1)}.${sandbox}`;
  }
}
