import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A mail that was given up. */
export interface UndeliveredMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  /** Why the last try failed. */
  readonly reason: string;
  readonly givenUpAt: Date;
}

/** With what is in it, which may open an account: for sending only. */
export interface UndeliveredMailContent {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Keeps a mail that is given up, once; and forgets those that were given up before an instant. */
export async function keepUndeliveredMail(
  transaction: Transaction,
  { id, to, subject, text, html, reason, givenUpAt }: UndeliveredMail & UndeliveredMailContent,
  forgetBefore: Date,
): Promise<void> {
  await transaction.query('DELETE FROM undelivered_mail WHERE given_up_at < $1', [forgetBefore]);
  await transaction.query(
    `INSERT INTO undelivered_mail (id, recipient, subject, body_text, body_html, reason, given_up_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [id, to, subject, text, html, reason, givenUpAt],
  );
}

/** The mails that were given up, the last written first. */
export function listUndeliveredMails(
  transaction: Transaction,
  { after, limit }: Slice<string>,
): Promise<UndeliveredMail[]> {
  return transaction.query<UndeliveredMail>(
    `SELECT id, recipient AS "to", subject, reason, given_up_at AS "givenUpAt" FROM undelivered_mail
     WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
    [after ?? null, limit ?? null],
  );
}

export async function countUndeliveredMails(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM undelivered_mail');
  return row!.count;
}

/** Takes one out, or all for null; two at the same time never get the same. */
export function takeUndeliveredMails(transaction: Transaction, id: string | null): Promise<UndeliveredMailContent[]> {
  return transaction.query<UndeliveredMailContent>(
    `WITH taken AS (DELETE FROM undelivered_mail WHERE $1::uuid IS NULL OR id = $1 RETURNING *)
     SELECT recipient AS "to", subject, body_text AS text, body_html AS html FROM taken ORDER BY id`,
    [id],
  );
}

/** Forgets what was written to an address, whichever letters are capital. */
export async function forgetUndeliveredMailTo(transaction: Transaction, address: string): Promise<void> {
  await transaction.query('DELETE FROM undelivered_mail WHERE lower(recipient) = lower($1)', [address]);
}
