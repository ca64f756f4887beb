// A restore of Postgres to an earlier instant, and what is missing after it: see docs/guides/backup-and-restore.md.
import { runDrill } from './run-drill.mjs';

await runDrill('restore', ['when', 'events in the ledger', 'invoices', 'what `verify` finds']);
