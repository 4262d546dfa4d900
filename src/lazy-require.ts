import { createRequire } from 'node:module';

/**
 * Loads a package synchronously at its first use: those that most runs do not need take longer to load than a small run
 * takes. Works for ESM packages too, from Node 20.19 on.
 */
export const lazyRequire = createRequire(import.meta.url);
