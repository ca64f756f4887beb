import { InvalidError, NotFoundError, packAmounts } from '#domain';
import {
  type Actor,
  type CreditStoreKey,
  type CreditTopUp,
  appendToAuditLog,
  deleteTopUp,
  listCreditOffers,
  listTopUps,
  lockOrganization,
  saveTopUp,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { packOf } from './purchase-credits.js';

export interface SetTopUpInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly pack: string;
  readonly amountMinor: bigint | null;
  /** Below this, credits are bought. */
  readonly thresholdMinor: bigint;
  /** The most that is charged in a calendar month (UTC), before tax. */
  readonly monthlyLimitMinor: bigint;
  /** Looks at the rules that are there, locked; throws to refuse the change. */
  readonly check?: (current: readonly CreditTopUp[]) => void;
  readonly actor: Actor;
}

/**
 * Has credits bought whenever what is left falls below a threshold, in the place of an earlier rule for the same seller and
 * currency. One that had stopped begins again.
 * @throws NotFoundError `subscription_not_found`, `credit_pack_not_found`; InvalidError `credit_amount_invalid`,
 *   `top_up_invalid`; ConflictError `credit_currency_mismatch`, and what `check` throws
 */
export function setTopUp(context: ServiceContext, input: SetTopUpInput): Promise<CreditTopUp> {
  const { organizationId, subscriptionId, thresholdMinor, monthlyLimitMinor, amountMinor, actor } = input;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const at = context.clock.now();
    await lockOrganization(transaction, organizationId);
    const [offer] = await listCreditOffers(transaction, { organizationId, subscriptionId, at });
    if (!offer) throw new NotFoundError('subscription');
    const pack = packOf(offer, input.pack);
    const { priceMinor } = packAmounts(pack, amountMinor);
    if (thresholdMinor <= 0n) throw new InvalidError('top_up_invalid', 'thresholdMinor: expected more than 0.');
    if (monthlyLimitMinor < priceMinor)
      throw new InvalidError(
        'top_up_invalid',
        `monthlyLimitMinor: one ${pack.title} costs ${priceMinor} minor units; a lower limit would buy nothing.`,
      );
    input.check?.(await listTopUps(transaction, organizationId));
    const rule: CreditTopUp = {
      organizationId,
      sellerSlug: offer.sellerSlug,
      currency: pack.currency,
      subscriptionId,
      pack: pack.slug,
      amountMinor,
      thresholdMinor,
      monthlyLimitMinor,
      state: 'active',
    };
    await saveTopUp(transaction, rule);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'set',
      noun: 'credit_top_up',
      nounId: `${rule.sellerSlug}/${rule.currency}`,
      details: {
        pack: rule.pack,
        thresholdMinor: thresholdMinor.toString(),
        monthlyLimitMinor: monthlyLimitMinor.toString(),
      },
      createdAt: at,
    });
    return rule;
  });
}

/**
 * Buys no more without being asked; what is under way stays so.
 * @throws NotFoundError `top_up_not_found`
 */
export function removeTopUp(context: ServiceContext, key: CreditStoreKey, actor: Actor): Promise<void> {
  const { organizationId, sellerSlug, currency } = key;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    await lockOrganization(transaction, organizationId);
    if (!(await deleteTopUp(transaction, key))) throw new NotFoundError('top up');
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'removed',
      noun: 'credit_top_up',
      nounId: `${sellerSlug}/${currency}`,
      details: {},
      createdAt: context.clock.now(),
    });
  });
}
