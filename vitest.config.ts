import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const root = import.meta.dirname;
const shared = {
  resolve: { alias: [{ find: /^#([a-z-]+)$/, replacement: `${root}/libs/$1/src/index.ts` }] },
};

/** Tests with real processes and clocks run once more when they fail; `npm test` names those that needed it. */
const retry = 1;

/**
 * Files of a worker share its process and what they import: loading all of Tollgate anew for each would cost more than many of
 * them do. So nothing of a file may outlive it: no listener, no timer, no variable of the environment.
 */
const isolate = false;

/** Minutes on two cores: real processes that are killed, reloaded and filled again and again. `npm run test:slow` runs them. */
const slow = [
  'test/integration/archive/archive-crashes.test.ts',
  'test/integration/archive/archiver-process.test.ts',
  'test/integration/faults/every-fault-point.test.ts',
  'test/integration/faults/killed-at-every-point.test.ts',
  'test/integration/faults/killed-while-reporting.test.ts',
  'test/integration/gateway/cold-start.test.ts',
  'test/integration/gateway/decision/processes.test.ts',
  'test/integration/stripe-sandbox/cli-triggers.test.ts',
  'test/integration/supervisor/supervisor.test.ts',
  'test/integration/worker/worker-process.test.ts',
  'test/migrations/filled-database.test.ts',
  'test/scenarios/long-simulations.test.ts',
  'test/scenarios/more-random-months.test.ts',
  'test/scenarios/more-simulations.test.ts',
  'test/e2e/canary.test.ts',
  'test/e2e/every-page.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/killed-start.test.ts',
  'test/e2e/on-a-phone.test.ts',
  'test/e2e/personal-data.test.ts',
  'test/e2e/unpaid-invoices.test.ts',
  'test/e2e/webhooks.test.ts',
];

export default defineConfig({
  ...shared,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          isolate,
          include: ['{apps,libs,scripts}/**/*.test.ts', 'bench/**/*.test.mjs'],
          setupFiles: ['reflect-metadata'],
          // The first that talks to the sandbox derives the types of Stripe's objects.
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          isolate,
          retry,
          include: ['test/integration/**/*.test.ts', 'test/migrations/**/*.test.ts'],
          exclude: slow,
          setupFiles: ['reflect-metadata'],
          globalSetup: ['test/support/global-postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'slow',
          retry,
          include: slow,
          setupFiles: ['reflect-metadata'],
          globalSetup: ['test/support/global-postgres.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'scenarios',
          isolate,
          retry,
          include: ['test/scenarios/**/*.test.ts'],
          exclude: slow,
          setupFiles: ['reflect-metadata'],
          globalSetup: ['test/support/global-postgres.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          // Minutes each, with figures to be read: `npm run drill:quota` and others.
          name: 'drills',
          include: ['test/drills/**/*.drill.ts'],
          setupFiles: ['reflect-metadata'],
          globalSetup: ['test/support/global-postgres.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          retry,
          include: ['test/e2e/**/*.test.ts'],
          exclude: slow,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
