// How soon a revoked key is refused by two gateways: see docs/reliability.md. KEYS changes the size.
import { runDrill } from './run-drill.mjs';

await runDrill('revocation', [
  'keys',
  'refused by both after: half',
  '99 of 100',
  'all',
  'learnt of within a second: first',
  'second',
]);
