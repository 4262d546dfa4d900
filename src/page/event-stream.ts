import type { ServerResponse } from 'node:http';

import type { PageEvent } from './api/state.js';

const KEEP_ALIVE_MS = 15_000;
/** A tab that does not read must not fill the memory. It connects again, and gets everything. */
const MAX_UNREAD_BYTES = 4_000_000;

/** The tabs that listen. */
export class EventStream {
  readonly #responses = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#write(': \n\n'), KEEP_ALIVE_MS);
    this.#timer.unref();
  }

  /** @param first - sent to this tab only. */
  add(response: ServerResponse, first: readonly PageEvent[]): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(first.map(toText).join(''));
    this.#responses.add(response);
    response.once('close', () => this.#responses.delete(response));
  }

  send(event: PageEvent): void {
    if (this.#responses.size > 0) this.#write(toText(event));
  }

  /** Tabs that still have access connect again. */
  dropAll(): void {
    for (const response of this.#responses) response.end();
  }

  close(): void {
    clearInterval(this.#timer);
    this.dropAll();
  }

  #write(text: string): void {
    for (const response of this.#responses) {
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else response.write(text);
    }
  }
}

function toText(event: PageEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
