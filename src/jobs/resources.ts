/** What a job has opened and must close, whatever happens: last opened, first closed. */
export class Resources {
  readonly #closers: (() => unknown)[] = [];

  add<T extends { close(): unknown }>(resource: T): T {
    this.#closers.push(() => resource.close());
    return resource;
  }

  onClose(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** @throws the first error, after everything was closed. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
