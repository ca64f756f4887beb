import type { Transaction } from '../database/unit-of-work.js';

/** The portal's own terms: where they are, and which version that is. */
export interface PortalTerms {
  readonly url: string;
  readonly version: string;
}

/** Writes down that the person accepts the terms; false when they had accepted this version. */
export async function insertPortalTermsAcceptance(
  transaction: Transaction,
  { userId, terms, at }: { readonly userId: string; readonly terms: PortalTerms; readonly at: Date },
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO portal_terms_acceptance (user_id, version, url, accepted_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [userId, terms.version, terms.url, at],
  );
  return rows.length > 0;
}

/** The same for the person who has just signed up with the address and has not verified it; nothing for anybody else. */
export async function insertPortalTermsAcceptanceOfNewUser(
  transaction: Transaction,
  { email, terms, at }: { readonly email: string; readonly terms: PortalTerms; readonly at: Date },
): Promise<void> {
  await transaction.query(
    `INSERT INTO portal_terms_acceptance (user_id, version, url, accepted_at)
     SELECT id, $2, $3, $4 FROM auth."user" WHERE email = lower($1) AND NOT "emailVerified" ON CONFLICT DO NOTHING`,
    [email, terms.version, terms.url, at],
  );
}

/** True when the person has accepted this version. */
export async function hasAcceptedPortalTerms(
  transaction: Transaction,
  userId: string,
  version: string,
): Promise<boolean> {
  const rows = await transaction.query('SELECT FROM portal_terms_acceptance WHERE user_id = $1 AND version = $2', [
    userId,
    version,
  ]);
  return rows.length > 0;
}
