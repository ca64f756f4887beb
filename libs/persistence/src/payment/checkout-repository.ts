import type { Transaction } from '../database/unit-of-work.js';

/** The provider's page on which the buyer of an invoice pays it. */
export interface Checkout {
  readonly invoiceId: string;
  readonly organizationId: string;
  /** Where the browser goes afterwards, absolute. */
  readonly returnUrl: string;
  /** Null, with the address, until the provider has made the page. */
  readonly providerSessionId: string | null;
  readonly url: string | null;
}

/** `left`: nobody paid there. `carried`: it is too little, and collected with a later invoice. */
export type CheckoutOutcome = 'paid' | 'left' | 'carried';

const CHECKOUT = `invoice_id AS "invoiceId", organization_id AS "organizationId", return_url AS "returnUrl",
  provider_session_id AS "providerSessionId", url`;

/** Notes that an invoice is paid on a page, in the transaction that issues it. */
export async function insertCheckout(
  transaction: Transaction,
  checkout: Omit<Checkout, 'providerSessionId' | 'url'>,
  createdAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO checkout (invoice_id, organization_id, return_url, created_at) VALUES ($1, $2, $3, $4)`,
    [checkout.invoiceId, checkout.organizationId, checkout.returnUrl, createdAt],
  );
}

/** That of an invoice which can still be paid on its page; null for every other. */
export async function findOpenCheckout(transaction: Transaction, invoiceId: string): Promise<Checkout | null> {
  const [row] = await transaction.query<Checkout>(
    `SELECT ${CHECKOUT} FROM checkout WHERE invoice_id = $1 AND ended_at IS NULL`,
    [invoiceId],
  );
  return row ?? null;
}

/** By the provider's id of the page; null when it is none of ours, or over. */
export async function findOpenCheckoutBySession(
  transaction: Transaction,
  providerSessionId: string,
): Promise<Checkout | null> {
  const [row] = await transaction.query<Checkout>(
    `SELECT ${CHECKOUT} FROM checkout WHERE provider_session_id = $1 AND ended_at IS NULL`,
    [providerSessionId],
  );
  return row ?? null;
}

/** Those that can still be paid on their page, by invoice, after one. */
export function listOpenCheckouts(transaction: Transaction, after: string | null, limit: number): Promise<Checkout[]> {
  return transaction.query<Checkout>(
    `SELECT ${CHECKOUT} FROM checkout WHERE ended_at IS NULL AND ($1::uuid IS NULL OR invoice_id > $1)
     ORDER BY invoice_id LIMIT $2`,
    [after, limit],
  );
}

/** Keeps the page that the provider has made; false when nobody may pay there any more. */
export async function saveCheckoutPage(
  transaction: Transaction,
  invoiceId: string,
  { sessionId, url }: { readonly sessionId: string; readonly url: string },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH saved AS (UPDATE checkout SET provider_session_id = $2, url = $3 WHERE invoice_id = $1 AND ended_at IS NULL RETURNING 1)
     SELECT * FROM saved`,
    [invoiceId, sessionId, url],
  );
  return rows.length > 0;
}

/** Ends it, once; false when it had ended. */
export async function endCheckout(
  transaction: Transaction,
  invoiceId: string,
  { outcome, endedAt }: { readonly outcome: CheckoutOutcome; readonly endedAt: Date },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH ended AS (UPDATE checkout SET outcome = $2, ended_at = $3 WHERE invoice_id = $1 AND ended_at IS NULL RETURNING 1)
     SELECT * FROM ended`,
    [invoiceId, outcome, endedAt],
  );
  return rows.length > 0;
}
