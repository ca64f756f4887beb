import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter, taggedAnswerOf } from './client.js';

export const creditsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'credits'],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/organizations/{organizationId}/credits', { params: { path: { organizationId } } }),
      ),
  });

/** The same, for finance: of any organization. */
export const financeCreditsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'credits', organizationId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/credits', { params: { path: { organizationId } } }),
      ),
  });

export const creditProposalsQuery = infiniteQueryOptions({
  queryKey: ['finance', 'credit-proposals'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/finance/credit-proposals', { params: { query: pageAfter(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.proposals),
});

export interface CreditProposalInput {
  /** The slug of the seller whose invoices they pay. */
  readonly seller: string;
  readonly currency: string;
  /** Whole minor units. */
  readonly amountMinor: string;
  readonly reason: string;
  readonly source: 'promotional' | 'adjustment';
  readonly expiresAt?: string;
}

export function giveCredits(organizationId: string, body: CreditProposalInput) {
  return answerOf(
    client.POST('/api/v1/finance/organizations/{organizationId}/credits', {
      params: { path: { organizationId } },
      body,
    }),
  );
}

export function decideCredits(proposalId: string, decision: 'approve' | 'refuse') {
  const params = { path: { proposalId } };
  return decision === 'approve'
    ? answerOf(client.POST('/api/v1/finance/credit-proposals/{proposalId}/approve', { params }))
    : answerOf(client.POST('/api/v1/finance/credit-proposals/{proposalId}/refuse', { params }));
}

export interface CreditPurchaseInput {
  readonly subscriptionId: string;
  readonly pack: string;
  /** Whole minor units, of a pack whose amount the buyer chooses. */
  readonly amountMinor?: string;
}

/** `page`: what is answered has the address of the payment provider's page, unless nothing is to be paid there. */
export function purchaseCredits(
  organizationId: string,
  body: CreditPurchaseInput & { readonly payment: 'saved_card' | 'page' },
) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/credits/purchases', {
      params: { path: { organizationId } },
      body,
    }),
  );
}

/** The address of the payment provider's page for a purchase that waits there. */
export async function openPaymentPage(organizationId: string, invoiceId: string): Promise<string | null> {
  const { paymentUrl } = await answerOf(
    client.POST('/api/v1/organizations/{organizationId}/credits/purchases/{invoiceId}/payment-page', {
      params: { path: { organizationId, invoiceId } },
    }),
  );
  return paymentUrl;
}

/** @throws ProblemError `credit_purchase_paid` among others */
export function giveUpPurchase(organizationId: string, invoiceId: string) {
  return answerOf(
    client.DELETE('/api/v1/organizations/{organizationId}/credits/purchases/{invoiceId}', {
      params: { path: { organizationId, invoiceId } },
    }),
  );
}

export interface TopUpInput extends CreditPurchaseInput {
  readonly thresholdMinor: string;
  readonly monthlyLimitMinor: string;
}

/** `etag` is of the credits that were read. @throws ProblemError `top_up_invalid`, `changed_meanwhile` among others */
export function setTopUp(organizationId: string, body: TopUpInput, etag: string) {
  return answerOf(
    client.PUT('/api/v1/organizations/{organizationId}/credits/top-up', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body,
    }),
  );
}

export function removeTopUp(organizationId: string, seller: string, currency: string) {
  const path = { organizationId, seller, currency };
  return answerOf(
    client.DELETE('/api/v1/organizations/{organizationId}/credits/top-up/{seller}/{currency}', { params: { path } }),
  );
}
