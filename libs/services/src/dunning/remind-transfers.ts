import { type DunningPolicy, dueMinor } from '#domain';
import { insertDunningStep, listDunningSteps, listTransfersToRemind, lockInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WriteNotice, tellPayer } from './tell-payer.js';

const BATCH = 100;
const DAY_MS = 86_400_000;

/** Reminds, once, of each invoice by transfer that is due soon; returns their ids. */
export async function remindTransfers(
  context: ServiceContext,
  { reminderDays }: Pick<DunningPolicy, 'reminderDays'>,
  write: WriteNotice,
): Promise<string[]> {
  if (reminderDays === 0) return [];
  const at = context.clock.now();
  const dueBy = new Date(at.getTime() + reminderDays * DAY_MS);
  const due = await context.unitOfWork.inSystem((transaction) =>
    listTransfersToRemind(transaction, { at, dueBy, limit: BATCH }),
  );
  const reminded: string[] = [];
  for (const { invoiceId, organizationId } of due) {
    await context.unitOfWork.inSystem(async (transaction) => {
      const invoice = (await lockInvoice(transaction, invoiceId))!;
      const isTold = (await listDunningSteps(transaction, invoiceId)).length > 0;
      if (isTold || invoice.state !== 'issued' || dueMinor(invoice) === 0n) return;
      const step = { id: context.ids.next(), organizationId, invoiceId, at: context.clock.now() };
      await insertDunningStep(transaction, { ...step, kind: 'reminded', attempt: null, note: null });
      await tellPayer(context, transaction, invoice, { nextRetryAt: null, accessEndsAt: null }, write);
      reminded.push(invoiceId);
    });
  }
  return reminded;
}
