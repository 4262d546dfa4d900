const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request was addressed to this machine. A website can make its own name point here (DNS rebinding), and its scripts
 * could then read and change the org. Any port will do, since a proxy in front has its own.
 *
 * @param host - the Host header; a client of HTTP/1.0, which no browser is, has none.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host === undefined || LOOPBACK.test(host);
}
