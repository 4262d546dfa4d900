import { OktaImportError } from '../errors.js';

/** The heartbeat's address cannot be used. Does not quote it: whoever knows it can speak for us. */
export class HeartbeatUrlError extends OktaImportError {
  override readonly code = 'ERR_HEARTBEAT_URL';
}

export interface HeartbeatOptions {
  readonly url: string;
  /** Hears that a signal was not delivered; nothing else comes of it. */
  readonly warn: (words: string) => void;
}

const TRY_WITHIN_MS = 3000;
const MOST_TRIES = 3;
/** By so much the end of a run may be delayed. */
const END_WITHIN_MS = 9000;
const MOST_BODY_BYTES = 10_000;
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Tells a monitor that a run has started and how it ended, as healthchecks.io and its kin have it: a POST to
 * `<url>/start`, and one to `<url>/<exit code>` with what was said at the end.
 *
 * Whether anybody listens changes nothing for the run.
 *
 * @see https://healthchecks.io/docs/http_api/
 */
export class Heartbeat {
  readonly #url: URL;
  readonly #warn: (words: string) => void;
  #started: Promise<void> = Promise.resolve();
  readonly #ended = new AbortController();
  /** Loaded only when wanted; goes through the proxy that the environment names, as Node's own fetch does not. */
  readonly #http = import('undici').then(({ EnvHttpProxyAgent, fetch }) => ({
    fetch,
    agent: new EnvHttpProxyAgent(),
  }));

  /** @throws {HeartbeatUrlError} */
  constructor({ url, warn }: HeartbeatOptions) {
    this.#url = parsed(url);
    this.#warn = warn;
  }

  /** Returns at once. */
  start(): void {
    this.#started = this.#post('start', '', this.#ended.signal);
  }

  /** @param words - what was said at the end, for people; cut to 10 kB. */
  async end(exitCode: number, words: string): Promise<void> {
    const timer = setTimeout(() => this.#ended.abort(), END_WITHIN_MS);
    // In this order: a monitor that hears of the start last takes the run as going on.
    await this.#started;
    await this.#post(String(exitCode), firstBytes(words), this.#ended.signal);
    clearTimeout(timer);
    // What still hangs is cut off.
    await (await this.#http).agent.destroy();
  }

  /** Never fails. */
  async #post(what: string, body: string, signal: AbortSignal): Promise<void> {
    let reason = 'no time left';
    for (let tries = 1; tries <= MOST_TRIES && !signal.aborted; tries += 1) {
      const failure = await this.#tryToPost(what, body, signal);
      if (failure === undefined) return;
      reason = failure.reason;
      if (!failure.isPassing) break;
    }
    this.#warn(`The heartbeat (${what}) was not delivered: ${reason}.`);
  }

  async #tryToPost(
    what: string,
    body: string,
    signal: AbortSignal,
  ): Promise<{ readonly reason: string; readonly isPassing: boolean } | undefined> {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${what}`;
    try {
      const { fetch, agent } = await this.#http;
      const answer = await fetch(url, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_WITHIN_MS)]),
      });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      return { reason: `it was answered with ${answer.status}`, isPassing: answer.status >= 500 };
    } catch (error) {
      return { reason: failureOf(error), isPassing: true };
    }
  }
}

function parsed(text: string): URL {
  const hint = 'Give it as your monitor shows it, such as https://hc-ping.com/ and the id of the check.';
  if (!URL.canParse(text)) throw new HeartbeatUrlError('--heartbeat takes a URL.', { hint });
  const url = new URL(text);
  const isOurs = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isOurs) {
    throw new HeartbeatUrlError('--heartbeat takes an https URL (http only to this machine itself).', {
      hint,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new HeartbeatUrlError('--heartbeat takes a URL without a user name or password.', { hint });
  }
  return url;
}

/** Without the address, which the messages of some failures quote. */
function failureOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return 'no answer in time';
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}

function firstBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_BODY_BYTES) return text;
  // A character that was cut in two is left out.
  return bytes
    .subarray(0, MOST_BODY_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
