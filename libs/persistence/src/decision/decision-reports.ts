import type { Transaction } from '../database/unit-of-work.js';

/** Where gateways tell each other how calls ended that another proxy has passed on. */
export const DECISION_CHANNEL = 'tollgate_decisions';

/** Tells all gateways, when the transaction commits; `text` has less than 8000 bytes, as Postgres wants it. */
export async function notifyDecisionReports(transaction: Transaction, text: string): Promise<void> {
  await transaction.query('SELECT pg_notify($1, $2)', [DECISION_CHANNEL, text]);
}
