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

  /** What to do about them. */
  get hint(): string {
    const steps = [
      ...(this.#missing > 0 ? ['set what is missing'] : []),
      ...(this.#missing < this.#all.length ? ['correct what is wrong'] : []),
    ].join(', ');
    return `${steps.charAt(0).toUpperCase()}${steps.slice(1)}; to try the program without an org, add --sandbox.`;
  }
}
