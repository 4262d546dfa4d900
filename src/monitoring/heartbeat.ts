import { OktaImportError } from '../errors.js';

/** The heartbeat URL is not usable. The message does not quote it, because anyone who knows it can send heartbeats. */
export class HeartbeatUrlError extends OktaImportError {
  override readonly code = 'ERR_HEARTBEAT_URL';
}

export interface HeartbeatOptions {
  readonly url: string;
  /** Called when a heartbeat was not delivered. */
  readonly warn: (message: string) => void;
}

const TIMEOUT_MS = 3000;
const MAX_ATTEMPTS = 3;
/** How long heartbeats may delay the end of a command. */
const END_TIMEOUT_MS = 9000;
const MAX_BODY_BYTES = 10_000;
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Notifies a monitor such as healthchecks.io when a command starts and ends: a POST to `<url>/start`, and one to
 * `<url>/<exit code>` with the end-of-run text.
 *
 * Undelivered heartbeats do not affect the run.
 *
 * @see https://healthchecks.io/docs/http_api/
 */
export class Heartbeat {
  readonly #url: URL;
  readonly #warn: (message: string) => void;
  #started: Promise<void> = Promise.resolve();
  readonly #ended = new AbortController();
  /** Uses the proxy of the environment, unlike Node's own fetch. */
  readonly #http = import('undici').then(({ EnvHttpProxyAgent, fetch }) => ({
    fetch,
    agent: new EnvHttpProxyAgent(),
  }));

  /** @throws {HeartbeatUrlError} */
  constructor({ url, warn }: HeartbeatOptions) {
    this.#url = parseUrl(url);
    this.#warn = warn;
  }

  /** Returns immediately. */
  start(): void {
    this.#started = this.#post('start', '', this.#ended.signal);
  }

  /** @param text - the end-of-run text; cut to 10 kB. */
  async end(exitCode: number, text: string): Promise<void> {
    const timer = setTimeout(() => this.#ended.abort(), END_TIMEOUT_MS);
    // A monitor that receives the start last would think that the run is still in progress.
    await this.#started;
    await this.#post(String(exitCode), firstBytes(text), this.#ended.signal);
    clearTimeout(timer);
    // Aborts requests that are still pending.
    await (await this.#http).agent.destroy();
  }

  /** Never fails. */
  async #post(what: string, body: string, signal: AbortSignal): Promise<void> {
    let reason = 'no time left';
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !signal.aborted; attempt += 1) {
      const failure = await this.#tryToPost(what, body, signal);
      if (failure === undefined) return;
      reason = failure.reason;
      if (!failure.isTransient) break;
    }
    this.#warn(`The heartbeat (${what}) was not delivered: ${reason}.`);
  }

  async #tryToPost(
    what: string,
    body: string,
    signal: AbortSignal,
  ): Promise<{ readonly reason: string; readonly isTransient: boolean } | undefined> {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${what}`;
    try {
      const { fetch, agent } = await this.#http;
      const response = await fetch(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      return { reason: `status ${response.status}`, isTransient: response.status >= 500 };
    } catch (error) {
      return { reason: reasonOf(error), isTransient: true };
    }
  }
}

function parseUrl(text: string): URL {
  const hint = 'Copy the ping URL from your monitor, such as https://hc-ping.com/<check ID>.';
  if (!URL.canParse(text)) throw new HeartbeatUrlError('--heartbeat must be a URL.', { hint });
  const url = new URL(text);
  const isLoopback = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isLoopback) {
    throw new HeartbeatUrlError('--heartbeat must be an https URL (http only to a loopback address).', {
      hint,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new HeartbeatUrlError('--heartbeat must be a URL without a user name or password.', { hint });
  }
  return url;
}

/** Without the URL, which some error messages quote. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return 'timeout';
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}

function firstBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BODY_BYTES) return text;
  // Drops a character that was cut in half.
  return bytes
    .subarray(0, MAX_BODY_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
