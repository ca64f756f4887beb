import { type Transaction, appendToOutbox } from '#persistence';
import type { ServiceContext } from '../context.js';

/** A mail that is written; who gets it is in `to`. */
export interface WrittenMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends the mail once the transaction is committed, and only then. */
export async function sendMail(context: ServiceContext, transaction: Transaction, mail: WrittenMail): Promise<void> {
  const mailId = context.ids.next();
  const message = {
    id: context.ids.next(),
    queue: 'mail',
    jobName: 'send-mail',
    jobId: `send-mail-${mailId}`,
    payload: { mailId, ...mail },
  };
  await appendToOutbox(transaction, message, context.clock.now());
}
