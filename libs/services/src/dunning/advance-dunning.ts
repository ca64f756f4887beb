import {
  ConflictError,
  type DunningAction,
  type DunningCase,
  type DunningPolicy,
  type DunningStepKind,
  type Invoice,
  type PaymentProvider,
  dunningAction,
  dunningOutlook,
  isCardCharged,
  nextDunningStep,
} from '#domain';
import {
  type Actor,
  type Transaction,
  hasOpenDispute,
  insertDunningStep,
  listUncanceledSubscriptionIds,
  lockCollectedTogether,
  lockDunningCase,
  saveDunningCase,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { giveUpInvoice } from '../invoice/mark-uncollectible.js';
import { applyProviderInvoice } from '../payment/apply-provider-invoice.js';
import { requestCollection } from '../payment/retry-collection.js';
import { cancelSubscription } from '../subscription/cancel-subscription.js';
import type { DunningMails } from './dunning-mails.js';
import { applyDunningStanding } from './dunning-standing.js';
import { type WriteNotice, tellPayer } from './tell-payer.js';

const actor: Actor = { kind: 'system', id: null };

export interface AdvanceInput {
  readonly invoiceId: string;
  readonly organizationId: string;
  readonly policy: DunningPolicy;
  readonly mails: DunningMails;
  /** What the clock of dunning shows. */
  readonly runningMs: number;
}

/**
 * Does the one step that is due for an invoice, with its mail and its entry in the history in one transaction; returns which,
 * null for none. Before calls are refused or the invoice is given up the provider is asked, and when it has been paid there, that is
 * recorded instead.
 */
export async function advanceDunning(
  context: ServiceContext,
  provider: PaymentProvider,
  input: AdvanceInput,
): Promise<DunningAction | null> {
  const planned = await context.unitOfWork.inSystem((transaction) => actionOf(transaction, input));
  if (!planned.action) return null;
  if (planned.action === 'suspend' || planned.action === 'exhaust') {
    const { providerInvoiceId } = planned.invoice;
    if (providerInvoiceId !== null) await applyProviderInvoice(context, provider, providerInvoiceId);
  }
  if (planned.action === 'exhaust' && input.policy.finalStep === 'cancel') {
    const now = await context.unitOfWork.inSystem((transaction) => actionOf(transaction, input));
    if (now.action === 'exhaust') await cancelSubscriptions(context, input.organizationId);
  }
  return context.unitOfWork.inSystem(async (transaction) => {
    const { action, invoice, found } = await actionOf(transaction, input);
    if (action !== planned.action || !action) return null;
    await new Advance(context, transaction, input, invoice).carryOut(action, found);
    return action;
  });
}

async function actionOf(transaction: Transaction, { invoiceId, policy, runningMs }: AdvanceInput) {
  // With what it may give up, in the one order.
  const invoice = (await lockCollectedTogether(transaction, invoiceId)).invoice!;
  const found = await lockDunningCase(transaction, invoiceId);
  const isDisputed = await hasOpenDispute(transaction, invoiceId);
  return { invoice, found, action: dunningAction(found, { ...invoice, isDisputed }, policy, runningMs) };
}

/** Each in a transaction of its own; what is canceled already stays so. */
async function cancelSubscriptions(context: ServiceContext, organizationId: string): Promise<void> {
  const ids = await context.unitOfWork.inSystem((transaction) =>
    listUncanceledSubscriptionIds(transaction, organizationId),
  );
  for (const subscriptionId of ids) {
    try {
      await cancelSubscription(context, { organizationId, subscriptionId, when: 'now', actor });
    } catch (error) {
      if (!(error instanceof ConflictError && error.code === 'subscription_canceled')) throw error;
    }
  }
}

/** One step of one invoice, in the transaction that holds it locked. */
class Advance {
  constructor(
    private readonly context: ServiceContext,
    private readonly transaction: Transaction,
    private readonly input: AdvanceInput,
    private readonly invoice: Invoice,
  ) {}

  async carryOut(action: DunningAction, found: DunningCase | null): Promise<void> {
    if (action === 'begin') return this.begin();
    const at = this.context.clock.now();
    const { mails } = this.input;
    const { attempt, failureMessage } = this.invoice;
    switch (action) {
      case 'tell': {
        const told = { ...found!, toldAttempt: attempt };
        return this.finish(told, 'failed', failureMessage, mails.paymentFailed);
      }
      case 'retry': {
        await requestCollection(this.context, this.transaction, { ...this.invoice, attempt: attempt + 1 });
        return this.finish({ ...found!, retriesMade: found!.retriesMade + 1 }, 'retried', null);
      }
      case 'remind':
        return this.finish(
          { ...found!, retriesMade: found!.retriesMade + 1 },
          'reminded',
          failureMessage,
          mails.paymentFailed,
        );
      case 'warn':
        return this.finish({ ...found!, warnedAt: at }, 'warned', null, mails.suspensionWarning);
      case 'suspend':
        return this.finish({ ...found!, suspendedAt: at }, 'suspended', null, mails.accessSuspended);
      case 'exhaust':
        return this.exhaust({ ...found!, exhaustedAt: at });
      case 'end':
        return this.end({ ...found!, endedAt: at });
    }
  }

  private begin(): Promise<void> {
    const { id, organizationId, attempt, failedAt, pastDueSince, failureMessage } = this.invoice;
    const found: DunningCase = {
      invoiceId: id,
      organizationId,
      beganAt: failedAt ?? pastDueSince ?? this.context.clock.now(),
      startMs: this.input.runningMs,
      toldAttempt: attempt,
      retriesMade: 0,
      warnedAt: null,
      suspendedAt: null,
      exhaustedAt: null,
      endedAt: null,
    };
    return this.finish(found, 'began', failureMessage, this.input.mails.paymentFailed);
  }

  private async exhaust(found: DunningCase): Promise<void> {
    const { policy, mails } = this.input;
    if (policy.finalStep === 'leave') return this.finish(found, 'exhausted', null);
    const reason = 'The last attempt to collect it has failed.';
    await giveUpInvoice(this.context, this.transaction, this.invoice, { reason, actor });
    await this.finish(found, 'exhausted', reason, mails.subscriptionsCanceled);
  }

  private async end(found: DunningCase): Promise<void> {
    const wasSuspended = found.suspendedAt !== null;
    const kind = this.invoice.state === 'paid' ? 'paid' : 'withdrawn';
    const { isSuspended } = await this.save(found, kind, null);
    const wasCanceled = found.exhaustedAt !== null && this.input.policy.finalStep === 'cancel';
    if (wasSuspended && !isSuspended && !wasCanceled) await this.tell(found, this.input.mails.accessRestored);
  }

  private async finish(
    found: DunningCase,
    kind: DunningStepKind,
    note: string | null,
    write?: WriteNotice,
  ): Promise<void> {
    await this.save(found, kind, note);
    if (write) await this.tell(found, write);
  }

  private async save(found: DunningCase, kind: DunningStepKind, note: string | null) {
    const { organizationId, id: invoiceId, attempt } = this.invoice;
    const next = nextDunningStep(found, this.input.policy);
    await saveDunningCase(this.transaction, found, next && next.afterMs);
    await insertDunningStep(this.transaction, {
      id: this.context.ids.next(),
      organizationId,
      invoiceId,
      kind,
      at: this.context.clock.now(),
      attempt: kind === 'retried' ? attempt + 1 : attempt,
      note,
    });
    return applyDunningStanding(this.context, this.transaction, { organizationId, actor });
  }

  private async tell(found: DunningCase, write: WriteNotice): Promise<void> {
    const { policy, runningMs } = this.input;
    const now = this.context.clock.now();
    const moment = { runningMs, now, pausedUntil: null, isCharged: isCardCharged(this.invoice) };
    const { nextRetryAt, accessEndsAt } = dunningOutlook(found, policy, moment);
    await tellPayer(this.context, this.transaction, this.invoice, { nextRetryAt, accessEndsAt }, write);
  }
}
