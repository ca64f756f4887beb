import { type DunningPolicy, dueMinor } from '#domain';
import { insertDunningStep, listDunningSteps, listTransfersToRemind, lockInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type DunningFailure, attemptEach } from './attempt-each.js';
import { type WriteNotice, tellPayer } from './tell-payer.js';

const BATCH = 100;
const DAY_MS = 86_400_000;

/** Reminds, once, of each invoice by transfer that is due soon, and says each that it has; returns what could not be done. */
export async function remindTransfers(
  context: ServiceContext,
  { reminderDays }: Pick<DunningPolicy, 'reminderDays'>,
  write: WriteNotice,
  onReminded: (invoiceId: string) => void,
): Promise<DunningFailure[]> {
  if (reminderDays === 0) return [];
  const at = context.clock.now();
  const dueBy = new Date(at.getTime() + reminderDays * DAY_MS);
  const due = await context.unitOfWork.inSystem((transaction) =>
    listTransfersToRemind(transaction, { at, dueBy, limit: BATCH }),
  );
  return attemptEach(
    context,
    due.map((one) => ({ ...one, kind: 'reminder' as const, id: one.invoiceId })),
    async ({ invoiceId, organizationId }) => {
      const isReminded = await context.unitOfWork.inSystem(async (transaction) => {
        const invoice = (await lockInvoice(transaction, invoiceId))!;
        const isTold = (await listDunningSteps(transaction, invoiceId)).length > 0;
        if (isTold || invoice.state !== 'issued' || dueMinor(invoice) === 0n) return false;
        const step = { id: context.ids.next(), organizationId, invoiceId, at: context.clock.now() };
        await insertDunningStep(transaction, { ...step, kind: 'reminded', attempt: null, note: null });
        await tellPayer(context, transaction, invoice, { nextRetryAt: null, accessEndsAt: null }, write);
        return true;
      });
      if (isReminded) onReminded(invoiceId);
    },
  );
}
