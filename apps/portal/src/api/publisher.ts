import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { OverrideTerms } from '../plan-editor/override-terms.js';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter } from './client.js';
import type { paths } from './schema.generated.js';
import type { ChangeWhen } from './subscriptions.js';
import type { ProductUsageGrouping } from './types.js';

type OverrideBody =
  paths['/api/v1/publisher/subscriptions/{subscriptionId}/override/preview']['post']['requestBody']['content']['application/json'];

export const publisherProductsQuery = queryOptions({
  queryKey: ['publisher', 'products'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/publisher/products', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.products,
    ),
});

/** How a product is used by the day: by whom, or which of its operations. */
export interface ProductUsageChoice {
  readonly days: number;
  readonly groupBy: ProductUsageGrouping;
  readonly apiVersionId?: string;
  readonly operation?: string;
}

export const productUsageQuery = (product: string, choice: ProductUsageChoice) =>
  queryOptions({
    queryKey: ['publisher', 'product-usage', product, choice],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const { from, to, ...found } = await answerOf(
        client.GET('/api/v1/publisher/products/{product}/usage', {
          params: { path: { product }, query: { ...choice, limit: 20 } },
        }),
      );
      const range = { fromMs: Date.parse(from), toMs: Date.parse(to), bucket: 'day' } as const;
      return { ...found, ...range, groupBy: choice.groupBy };
    },
  });

/** What a product has earned by month and plan, the oldest month first. */
export const productRevenueQuery = (product: string, months: number) =>
  queryOptions({
    queryKey: ['publisher', 'product-revenue', product, months],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const answer = client.GET('/api/v1/publisher/products/{product}/revenue', {
        params: { path: { product }, query: { months } },
      });
      return (await answerOf(answer)).revenue;
    },
  });

/** How far the organizations have come with a product that signed up on so many days. */
export const productFunnelQuery = (product: string, days: number) =>
  queryOptions({
    queryKey: ['publisher', 'product-funnel', product, days],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/publisher/products/{product}/funnel', { params: { path: { product }, query: { days } } }),
      ),
  });

/** @throws ProblemError `subscription_transition_refused` among others */
export function approveSubscription(subscriptionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/approve', { params: { path: { subscriptionId } } }),
  );
}

/** For good. @throws ProblemError `subscription_transition_refused` among others */
export function refuseSubscription(subscriptionId: string, reason: string | null) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/refuse', {
      params: { path: { subscriptionId } },
      body: { reason },
    }),
  );
}

/** All versions of one's plans, drafts too. */
export const planVersionsQuery = queryOptions({
  queryKey: ['publisher', 'plan-versions'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(
          client.GET('/api/v1/publisher/plan-versions', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } }),
        ),
      (page) => page.planVersions,
    ),
});

/** What becomes of subscriptions with terms of their own when their plan gets another version. */
export type OverridesMode = 'keep' | 'carry' | 'end';

/** @throws ProblemError `plan_version_not_published` among others */
export function migrateSubscribers(planVersionId: string, noticeDays: number, overrides: OverridesMode) {
  return answerOf(
    client.POST('/api/v1/publisher/plan-versions/{planVersionId}/migrate', {
      params: { path: { planVersionId } },
      body: { noticeDays, overrides },
    }),
  );
}

/** Which subscriptions are shown: those in a state, those with a name. */
export interface SubscriptionChoice {
  readonly state?: 'pending_approval' | 'active' | 'canceled';
  readonly name?: string;
}

export const publisherSubscriptionsQuery = (choice: SubscriptionChoice = {}) =>
  infiniteQueryOptions({
    queryKey: ['publisher', 'subscriptions', choice],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/publisher/subscriptions', {
          params: { query: { ...choice, ...(pageParam !== undefined && { before: pageParam }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Other terms of a subscription, and when they are to begin. */
interface AskedTerms {
  readonly terms: OverrideTerms;
  readonly when: ChangeWhen;
}

/** Terms as they are sent: what the API answers it takes, though its types of the two differ. */
const bodyOf = (asked: AskedTerms) => asked as OverrideBody;
const ofSubscription = (subscriptionId: string) => ({ params: { path: { subscriptionId } } });

/** A subscription with its own terms and notes. */
export const publisherSubscriptionQuery = (subscriptionId: string) =>
  queryOptions({
    queryKey: ['publisher', 'subscription', subscriptionId],
    queryFn: () =>
      answerOf(client.GET('/api/v1/publisher/subscriptions/{subscriptionId}', ofSubscription(subscriptionId))),
  });

/** Refuses its calls until it is resumed. */
export function suspendSubscription(subscriptionId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/suspend', {
      ...ofSubscription(subscriptionId),
      body: { reason },
    }),
  );
}

export function resumeSubscription(subscriptionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/resume', {
      ...ofSubscription(subscriptionId),
      body: { reason: null },
    }),
  );
}

/** What other terms would do; refused with every fault of them. */
export const overridePreviewQuery = (subscriptionId: string, asked: AskedTerms) =>
  queryOptions({
    queryKey: ['publisher', 'override-preview', subscriptionId, asked],
    // Usage goes on meanwhile.
    staleTime: 0,
    retry: false,
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/override/preview', {
          ...ofSubscription(subscriptionId),
          body: bodyOf(asked),
        }),
      ),
  });

/** @throws ProblemError `change_planned`, `terms_unchanged` among others */
export function overrideSubscription(subscriptionId: string, { reason, ...asked }: AskedTerms & { reason: string }) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/override', {
      ...ofSubscription(subscriptionId),
      body: { ...bodyOf(asked), reason },
    }),
  );
}

/** @throws ProblemError `override_missing` among others */
export function revokeOverride(subscriptionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/override/revoke', {
      ...ofSubscription(subscriptionId),
      body: { when: 'period_end' },
    }),
  );
}

export function addSubscriptionNote(subscriptionId: string, text: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/notes', {
      ...ofSubscription(subscriptionId),
      body: { text },
    }),
  );
}

/** What a code would take off a subscription; refused when it cannot be redeemed. */
export const publishedCouponQuery = (subscriptionId: string, couponCode: string) =>
  queryOptions({
    queryKey: ['publisher', 'coupon-preview', subscriptionId, couponCode],
    staleTime: 0,
    retry: false,
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/coupon/preview', {
          ...ofSubscription(subscriptionId),
          body: { couponCode },
        }),
      ),
  });

/** @throws ProblemError `coupon_in_force`, `coupon_expired` among others */
export function redeemCouponFor(subscriptionId: string, couponCode: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/coupon', {
      ...ofSubscription(subscriptionId),
      body: { couponCode },
    }),
  );
}

/** @throws ProblemError `coupon_not_in_force` among others */
export function removeCoupon(subscriptionId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/coupon/remove', {
      ...ofSubscription(subscriptionId),
      body: { reason },
    }),
  );
}
