// What many clients cost that read slowly, for some minutes: see docs/reliability.md. CLIENTS and MINUTES change the size.
import { runDrill } from './run-drill.mjs';

await runDrill('slow-clients', [
  'when',
  'clients',
  'cut off so far',
  "gateway's memory",
  'read by them',
  'slowest of 10 small calls',
]);
