import {
  type PaymentProvider,
  type PlanDefinition,
  type PriceRise,
  formatMoney,
  parseDecimal,
  priceRiseNoticeAt,
  settle,
} from '#domain';
import {
  type PriceRiseCheck,
  claimPriceRiseCheck,
  endPriceRiseCheck,
  listBillingAddresses,
  listPriceRiseChecks,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { wayToPay } from '../payment/payment-method.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';

/** When a subscription is looked at again whose look has failed. */
const RETRY_MS = 600_000;
const BATCH = 100;

/** What those who pay are told of a subscription that costs more soon. */
export interface PriceRiseNotice {
  readonly subscriptionId: string;
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  readonly at: Date;
  readonly because: PriceRise['because'];
  /** Null for the end of a trial. */
  readonly coupon: string | null;
  /** Its fixed fee, formatted for reading; null for none. */
  readonly fee: string | null;
  readonly interval: PlanDefinition['billingInterval'];
  /** How it will be paid; null when no card is saved. */
  readonly pays: 'card' | 'transfer' | null;
  /** What becomes of it at the end of its trial when no card is saved by then; null for the end of a coupon. */
  readonly withoutCard: 'cancel' | 'suspend' | null;
}

type WriteNotice = (notice: PriceRiseNotice) => Omit<WrittenMail, 'to'>;

/**
 * Tells those who pay, once each, of subscriptions that cost more soon because their trial or coupon ends. However many workers
 * ask at the same time, each is told by one. Returns how many were told of.
 * @throws PaymentProviderError after having tried all; those it is about are looked at again ten minutes later.
 */
export async function tellPriceRises(
  context: ServiceContext,
  provider: PaymentProvider,
  writeMail: WriteNotice,
): Promise<number> {
  const at = context.clock.now();
  const ids = await context.unitOfWork.inSystem((transaction) => listPriceRiseChecks(transaction, at, BATCH));
  const failures: unknown[] = [];
  let told = 0;
  for (const id of ids) {
    try {
      if (await look(context, provider, id, writeMail)) told += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return told;
}

/** True when it is told of. */
async function look(
  context: ServiceContext,
  provider: PaymentProvider,
  id: string,
  writeMail: WriteNotice,
): Promise<boolean> {
  const at = context.clock.now();
  const until = new Date(at.getTime() + RETRY_MS);
  const found = await context.unitOfWork.inSystem(async (transaction) => {
    const check = await claimPriceRiseCheck(transaction, id, { at, until });
    if (!check) return null;
    const overview = await findSubscriptionWithin(transaction, id, at);
    const nextAt = nextLookAt(overview, check, at);
    if (nextAt === 'now') return { overview, rise: overview.priceRise!, organizationId: check.organizationId };
    await endPriceRiseCheck(transaction, id, { until, nextAt, toldAt: null });
    return null;
  });
  if (!found) return false;
  const { overview, rise, organizationId } = found;
  const pays = await wayToPay(context, provider, organizationId);
  return context.unitOfWork.inSystem(async (transaction) => {
    const isStill = await endPriceRiseCheck(transaction, id, { until, nextAt: rise.at, toldAt: rise.at });
    if (!isStill) return false;
    const mail = writeMail(noticeOf(overview, rise, pays));
    for (const to of await listBillingAddresses(transaction, organizationId))
      await sendMail(context, transaction, { to, ...mail });
    return true;
  });
}

/** When there is something to do: now, later, or, as nothing will cost more, never. */
function nextLookAt({ priceRise, anchorAt }: SubscriptionOverview, { toldAt }: PriceRiseCheck, at: Date) {
  if (!priceRise) return null;
  // The next one is looked for after it.
  if (toldAt?.getTime() === priceRise.at.getTime()) return priceRise.at;
  const noticeAt = priceRiseNoticeAt(priceRise, anchorAt);
  return noticeAt <= at ? 'now' : noticeAt;
}

function noticeOf(
  { id, organization, application, product, plan, coupon, definition }: SubscriptionOverview,
  { at, because }: PriceRise,
  pays: PriceRiseNotice['pays'],
): PriceRiseNotice {
  const feeMinor = settle(parseDecimal(definition.fixedFee, 'fixedFee'), definition);
  const isTrial = because === 'trial_ends';
  return {
    subscriptionId: id,
    organization: organization.name,
    application: application.name,
    product: product.title,
    plan: plan.title,
    at,
    because,
    coupon: isTrial ? null : coupon!.title,
    fee: feeMinor === 0n ? null : formatMoney(feeMinor, definition.currency),
    interval: definition.billingInterval,
    pays,
    withoutCard: isTrial ? (definition.trial?.withoutCard ?? 'cancel') : null,
  };
}
