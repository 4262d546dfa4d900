import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    // The suite talks to real servers and child processes on two cores: patience is cheaper than flakiness.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Commands that run inside a test change the working folder, which threads cannot.
    pool: 'forks',
    coverage: { include: ['src/**/*.ts'], reporter: ['text-summary'] },
  },
});
