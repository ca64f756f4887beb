import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const subscriptionsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'subscriptions'],
    queryFn: async () =>
      (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/subscriptions', { params: { path: { organizationId } } }),
        )
      ).subscriptions,
  });

/** @throws ProblemError `money_cap_below_commitment` among others */
export function setMoneyCap(organizationId: string, subscriptionId: string, amount: string | null) {
  return answerOf(
    client.PUT('/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/money-cap', {
      params: { path: { organizationId, subscriptionId } },
      body: { amount },
    }),
  );
}

/** When a subscription ends that is canceled: with its period, or at once. */
export type CancelWhen = 'period_end' | 'now';

const organizationAndSubscription = (organizationId: string, subscriptionId: string) => ({
  params: { path: { organizationId, subscriptionId } },
});

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

/** @throws ProblemError `payment_method_required` or `already_subscribed` among others */
export function subscribe(organizationId: string, applicationId: string, planVersionId: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions', {
      params: { path: { organizationId } },
      body: { applicationId, planVersionId },
    }),
  );
}
