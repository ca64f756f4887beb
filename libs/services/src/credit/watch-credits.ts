import { type CreditPack, InvalidError, type PackAmounts, formatMoney, packAmounts, topUpsDue } from '#domain';
import {
  type Actor,
  type CreditTopUp,
  type ListedCreditGrant,
  type Transaction,
  appendToAuditLog,
  findPayer,
  insertCreditAlert,
  listBillingAddresses,
  listCreditGrants,
  listCreditOffers,
  listPurchasesUnderWay,
  listWatchedOrganizations,
  lockActiveTopUps,
  saveTopUp,
  sumTopUpsSince,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import { emitEvent } from '../webhook/emit-events.js';
import { buyPack } from './purchase-credits.js';
import { type CreditStore, storesOf } from './read-credits.js';

const system: Actor = { kind: 'system', id: null };
const PAGE = 100;
/** Percent of the grants in store that are left. */
const THRESHOLDS = [20, 0] as const;

/** What is told of credits that run low. */
export interface CreditAlert {
  readonly organization: string;
  readonly seller: string;
  /** Percent that is left at most. */
  readonly threshold: number;
  readonly left: string;
  readonly granted: string;
}

/** What is told when credits are not bought automatically any more. */
export interface TopUpStop {
  readonly organization: string;
  readonly seller: string;
  readonly reason: 'payment_failed' | 'not_offered';
}

export interface CreditMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How what is told is worded. */
export interface CreditMails {
  readonly runningLow: (alert: CreditAlert) => CreditMail;
  readonly topUpStopped: (stop: TopUpStop) => CreditMail;
}

/** What a round did. */
export interface WatchedCredits {
  readonly alerts: number;
  readonly bought: number;
  readonly stopped: number;
}

/**
 * Looks at the credits of every organization that has some, or has them bought: tells by mail once that 20 % or nothing is left,
 * buys where a rule says so, and ends rules whose payment has failed. However often, and by however many workers this is
 * called, a purchase is under way once. Organizations that cannot be looked at do not keep the others waiting.
 * @throws Error at the end that names the first of those, with its cause
 */
export async function watchCredits(context: ServiceContext, mails: CreditMails): Promise<WatchedCredits> {
  const total = { alerts: 0, bought: 0, stopped: 0 };
  const failures: { readonly organizationId: string; readonly cause: unknown }[] = [];
  for (let after: string | null = null; ;) {
    const cursor: string | null = after;
    const ids: string[] = await context.unitOfWork.inSystem((transaction) =>
      listWatchedOrganizations(transaction, cursor, PAGE),
    );
    for (const organizationId of ids) {
      try {
        const done = await context.unitOfWork.inSystem((transaction) =>
          watchOrganization(context, transaction, organizationId, mails),
        );
        total.alerts += done.alerts;
        total.bought += done.bought;
        total.stopped += done.stopped;
      } catch (cause) {
        failures.push({ organizationId, cause });
      }
    }
    if (ids.length < PAGE) break;
    after = ids.at(-1)!;
  }
  const [first] = failures;
  if (!first) return total;
  throw new Error(
    `The credits of ${failures.length} organizations could not be looked at, the first is organization ${first.organizationId}.`,
    { cause: first.cause },
  );
}

async function watchOrganization(
  context: ServiceContext,
  transaction: Transaction,
  organizationId: string,
  mails: CreditMails,
): Promise<WatchedCredits> {
  const rules = await lockActiveTopUps(transaction, organizationId);
  const grants = await listCreditGrants(transaction, organizationId);
  const stores = await storesOf(context, transaction, organizationId, grants);
  const organization = (await findPayer(transaction, organizationId))?.name ?? '';
  const work = { context, transaction, organizationId, organization, mails };
  const outcome = { alerts: 0, bought: 0, stopped: 0 };
  for (const store of stores) outcome.alerts += await raiseAlerts(work, store, grants);
  for (const rule of rules) {
    const store = stores.find((one) => one.sellerSlug === rule.sellerSlug && one.currency === rule.currency);
    const done = await applyRule(work, rule, store);
    if (done) outcome[done] += 1;
  }
  return outcome;
}

interface Work {
  readonly context: ServiceContext;
  readonly transaction: Transaction;
  readonly organizationId: string;
  readonly organization: string;
  readonly mails: CreditMails;
}

async function raiseAlerts(
  { context, transaction, organizationId, organization, mails }: Work,
  { sellerSlug, sellerName, currency, remainingMinor, pendingMinor }: CreditStore,
  grants: readonly ListedCreditGrant[],
): Promise<number> {
  const at = context.clock.now();
  const inStore = grants.filter(
    (grant) =>
      grant.sellerSlug === sellerSlug &&
      grant.currency === currency &&
      grant.remainingMinor > 0n &&
      (grant.expiresAt === null || grant.expiresAt > at),
  );
  const newest = inStore.toSorted((one, other) => (one.id < other.id ? 1 : -1))[0];
  if (!newest) return 0;
  const grantedMinor = inStore.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const leftMinor = remainingMinor - pendingMinor;
  // The lowest that is reached is told, and those above it are told with it.
  const reached = THRESHOLDS.filter((threshold) => leftMinor * 100n <= BigInt(threshold) * grantedMinor);
  const told: number[] = [];
  for (const threshold of reached)
    if (await insertCreditAlert(transaction, { organizationId, newestGrantId: newest.id, threshold }, at))
      told.push(threshold);
  const lowest = told.at(-1);
  if (lowest === undefined) return 0;
  const mail = mails.runningLow({
    organization,
    seller: sellerName,
    threshold: lowest,
    left: formatMoney(leftMinor, currency),
    granted: formatMoney(grantedMinor, currency),
  });
  await tell(context, transaction, organizationId, mail);
  const data = { sellerSlug, currency, threshold: lowest };
  await emitEvent(context, transaction, { organizationId, type: 'credits.low', data });
  return 1;
}

/** Buys once for a rule, or ends it. */
async function applyRule(
  work: Work,
  rule: CreditTopUp,
  store: CreditStore | undefined,
): Promise<'bought' | 'stopped' | null> {
  const { context, transaction, organizationId } = work;
  const { subscriptionId, sellerSlug, currency } = rule;
  const seller = store?.sellerName ?? sellerSlug;
  const underWay = (await listPurchasesUnderWay(transaction, organizationId)).find(
    (one) => one.sellerSlug === sellerSlug && one.currency === currency,
  );
  // Also a purchase of a person: whatever is left to be paid, nothing is added to it.
  if (underWay) return underWay.hasFailed ? stop(work, rule, seller, 'payment_failed') : null;
  const at = context.clock.now();
  const [offer] = await listCreditOffers(transaction, { organizationId, subscriptionId, at });
  const pack = offer?.packs.find(({ slug }) => slug === rule.pack);
  if (!offer || pack?.currency !== currency || offer.sellerSlug !== sellerSlug)
    return stop(work, rule, seller, 'not_offered');
  const amounts = amountsOf(pack, rule);
  if (!amounts) return stop(work, rule, seller, 'not_offered');
  const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
  const spentMinor = await sumTopUpsSince(transaction, rule, month);
  const room = (rule.monthlyLimitMinor - spentMinor) / amounts.priceMinor;
  const leftMinor = store ? store.remainingMinor - store.pendingMinor : 0n;
  const rest = { thresholdMinor: rule.thresholdMinor, amountMinor: amounts.creditedMinor };
  const count = topUpsDue(rest, leftMinor, room);
  if (count === 0n) return null;
  await buyPack(context, transaction, { offer, pack, amounts, count, origin: 'top_up', actor: system });
  return 'bought';
}

/** Null when the pack is not sold for this amount any more. */
function amountsOf(pack: CreditPack, { amountMinor }: CreditTopUp): PackAmounts | null {
  try {
    return packAmounts(pack, amountMinor);
  } catch (error) {
    if (error instanceof InvalidError) return null;
    throw error;
  }
}

async function stop(
  { context, transaction, organizationId, organization, mails }: Work,
  rule: CreditTopUp,
  seller: string,
  reason: TopUpStop['reason'],
): Promise<'stopped'> {
  await saveTopUp(transaction, { ...rule, state: 'stopped' });
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: system,
    action: 'stopped',
    noun: 'credit_top_up',
    nounId: `${rule.sellerSlug}/${rule.currency}`,
    details: { reason },
    createdAt: context.clock.now(),
  });
  await tell(context, transaction, organizationId, mails.topUpStopped({ organization, seller, reason }));
  return 'stopped';
}

async function tell(
  context: ServiceContext,
  transaction: Transaction,
  organizationId: string,
  mail: CreditMail,
): Promise<void> {
  for (const to of await listBillingAddresses(transaction, organizationId))
    await sendMail(context, transaction, { to, ...mail });
}
