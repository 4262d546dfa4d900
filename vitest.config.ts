import { defineConfig } from 'vitest/config';

const isCI = process.env['CI'] !== undefined;

/** Large files, all faults at once, the packed package, a browser, benches: too slow to run after every change. */
const HEAVY = 'test/**/*.heavy.test.ts';

export default defineConfig({
  test: {
    setupFiles: ['test/seed.ts'],
    // Tests talk to real servers and child processes on two cores: better patient than flaky.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Commands that run inside a test change the working folder, which threads cannot.
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [HEAVY] } },
      ...(isCI ? [{ extends: true as const, test: { name: 'heavy', include: [HEAVY] } }] : []),
    ],
  },
});
