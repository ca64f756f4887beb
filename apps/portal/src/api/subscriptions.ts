import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter, pageBefore } from './client.js';
import type { Subscription } from './types.js';

export const subscriptionsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions'],
    queryFn: () =>
      everyEntry(
        (place) =>
          answerOf(
            client.GET('/api/v1/organizations/{organizationId}/subscriptions', {
              params: { path: { organizationId }, query: pageBefore(place, MOST_OF_A_PAGE) },
            }),
          ),
        (page) => page.subscriptions,
      ),
  });

/** The catalogue as the organization sees it: with the plans that it is invited to. */
export const offersQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'offers'],
    staleTime: 60_000,
    queryFn: () =>
      everyEntry(
        (place) =>
          answerOf(
            client.GET('/api/v1/organizations/{organizationId}/subscriptions/offers', {
              params: { path: { organizationId }, query: pageAfter(place, MOST_OF_A_PAGE) },
            }),
          ),
        (page) => page.products,
      ),
  });

/** Which operations and features a subscription has. */
export const entitlementsQuery = (organizationId: string, subscriptionId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions', subscriptionId, 'entitlements'],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/entitlements', {
          params: { path: { organizationId, subscriptionId } },
        }),
      ),
  });

/** @throws ProblemError `money_cap_below_commitment`, `changed_meanwhile` among others */
export function setMoneyCap(
  organizationId: string,
  { id, moneyCapEtag }: Pick<Subscription, 'id' | 'moneyCapEtag'>,
  amount: string | null,
) {
  return answerOf(
    client.PUT('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/money-cap', {
      params: { path: { organizationId, subscriptionId: id }, header: { 'if-match': moneyCapEtag } },
      body: { amount },
    }),
  );
}

/** When a subscription ends that is canceled: with its period, or at once. */
export type CancelWhen = 'period_end' | 'now';

const organizationAndSubscription = (organizationId: string, subscriptionId: string) => ({
  params: { path: { organizationId, subscriptionId } },
});

/** When another plan begins: at once, or with the next period. */
export type ChangeWhen = 'now' | 'period_end';

/** What another plan would do; without `when`, what is usual for it. */
export const planChangeQuery = (
  organizationId: string,
  subscriptionId: string,
  planVersionId: string,
  when: ChangeWhen | null,
) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions', subscriptionId, 'change', planVersionId, when],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/change/preview', {
          ...organizationAndSubscription(organizationId, subscriptionId),
          body: { planVersionId, ...(when && { when }) },
        }),
      ),
    // Usage goes on meanwhile.
    staleTime: 0,
    retry: false,
  });

/** @throws ProblemError `payment_method_required` or `plan_used_in_period` among others */
export function changePlan(
  organizationId: string,
  subscriptionId: string,
  {
    planVersionId,
    when,
    acceptedTerms,
  }: {
    readonly planVersionId: string;
    readonly when: ChangeWhen;
    readonly acceptedTerms: string | null;
  },
) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/change', {
      ...organizationAndSubscription(organizationId, subscriptionId),
      body: { planVersionId, when, ...(acceptedTerms !== null && { acceptedTerms }) },
    }),
  );
}

/** Takes a planned change back. @throws ProblemError `subscription_canceled` among others */
export function keepPlan(organizationId: string, subscriptionId: string) {
  return answerOf(
    client.POST(
      '/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/change/revoke',
      organizationAndSubscription(organizationId, subscriptionId),
    ),
  );
}

/** What a code would take off a subscription that runs; refused when it cannot be redeemed. */
export const couponPreviewQuery = (organizationId: string, subscriptionId: string, couponCode: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions', subscriptionId, 'coupon', couponCode],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/coupon/preview', {
          ...organizationAndSubscription(organizationId, subscriptionId),
          body: { couponCode },
        }),
      ),
    staleTime: 0,
    retry: false,
  });

/** @throws ProblemError `coupon_in_force`, `coupon_expired` among others */
export function redeemCoupon(organizationId: string, subscriptionId: string, couponCode: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/coupon', {
      ...organizationAndSubscription(organizationId, subscriptionId),
      body: { couponCode },
    }),
  );
}

/** What a cancellation would do. */
export const cancellationQuery = (organizationId: string, subscriptionId: string, when: CancelWhen) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions', subscriptionId, 'cancellation', when],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/cancel/preview', {
          ...organizationAndSubscription(organizationId, subscriptionId),
          body: { when },
        }),
      ),
    // Usage goes on meanwhile.
    staleTime: 0,
  });

/** @throws ProblemError `subscription_canceled` among others */
export function cancelSubscription(organizationId: string, subscriptionId: string, when: CancelWhen) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/cancel', {
      ...organizationAndSubscription(organizationId, subscriptionId),
      body: { when },
    }),
  );
}

/** @throws ProblemError `subscription_canceled` among others */
export function reactivateSubscription(organizationId: string, subscriptionId: string) {
  return answerOf(
    client.POST(
      '/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/reactivate',
      organizationAndSubscription(organizationId, subscriptionId),
    ),
  );
}

/** @throws ProblemError `terms_changed` among others */
export function acceptTerms(organizationId: string, subscriptionId: string, version: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/terms', {
      ...organizationAndSubscription(organizationId, subscriptionId),
      body: { version },
    }),
  );
}

export interface NewSubscription {
  readonly applicationId: string;
  readonly planVersionId: string;
  /** Version of the product's terms that were accepted; null when it has none. */
  readonly acceptedTerms: string | null;
  /** Null without one. */
  readonly couponCode: string | null;
}

/** @throws ProblemError `payment_method_required`, `already_subscribed` or `terms_changed` among others */
export function subscribe(organizationId: string, { acceptedTerms, couponCode, ...subscription }: NewSubscription) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions', {
      params: { path: { organizationId } },
      body: {
        ...subscription,
        ...(acceptedTerms !== null && { acceptedTerms }),
        ...(couponCode !== null && { couponCode }),
      },
    }),
  );
}

/** What a subscription would cost with a code; refused when the code cannot be redeemed. */
export const subscriptionPreviewQuery = (organizationId: string, planVersionId: string, couponCode: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscription-preview', planVersionId, couponCode],
    staleTime: 0,
    retry: false,
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/organizations/{organizationId}/subscriptions/preview', {
          params: { path: { organizationId } },
          body: { planVersionId, couponCode },
        }),
      ),
  });

/** Whether a subscription to a plan version would begin with its trial, which each organization, person and card has once. */
export const trialPreviewQuery = (organizationId: string, planVersionId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'trial', planVersionId],
    staleTime: 0,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/subscriptions/trial', {
          params: { path: { organizationId }, query: { planVersionId } },
        }),
      ),
  });
