import { defineConfig } from 'vitest/config';

const { CI, npm_command: npmCommand, SOAK_SEED } = process.env;
/** CI, `npm cit` and `npm run check` run every test; `npm test` leaves out the heavy ones. */
const runsHeavyTests = CI !== undefined || npmCommand === 'install-ci-test';
const heavyTests = ['test/**/*.heavy.test.ts'];
/** Only `npm run soak` runs them. */
const soakTests = ['test/**/*.soak.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['test/seed.ts'],
    // Tests talk to real servers and child processes on two cores: better patient than flaky.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 120_000 } },
    maxWorkers: 2,
    // Commands that run inside a test change the working folder, which threads cannot.
    pool: 'forks',
    // No module keeps state, so the files of a worker can share them: half the time.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [...heavyTests, ...soakTests] },
      },
      ...(SOAK_SEED === undefined
        ? []
        : [{ extends: true as const, test: { name: 'soak', include: soakTests } }]),
      ...(runsHeavyTests ? [{ extends: true as const, test: { name: 'heavy', include: heavyTests } }] : []),
    ],
  },
});
