// Kills gateways and workers before and after every write of metering, and shows that nothing is lost or doubled.
import { runSlowTest } from './run-slow-test.mjs';

process.exitCode = await runSlowTest('test/integration/faults/killed-at-every-point.test.ts', {
  words: ['--reporter=verbose', ...process.argv.slice(2)],
  env: { KILLS: 'all' },
});
