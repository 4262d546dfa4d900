import { inspect } from 'node:util';

const REDACTED = '[secret]';

/**
 * A token or key on its way from the settings to the header that it is sent in. However it is printed, joined to a text,
 * inspected or made JSON of, it says `[secret]`; only `reveal` gives it away.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For the one place that sends it, or parses it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
