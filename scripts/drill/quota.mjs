// Proves at full size that a hard quota is exact: see docs/reliability.md. QUOTA, GATEWAYS, CLIENTS and CALLS change the size.
import { runDrill } from './run-drill.mjs';

await runDrill('quota', ['run', 'calls', 'took', 'reached the upstream', 'billed', 'answers']);
