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

/** @throws ProblemError `payment_method_required` or `already_subscribed` among others */
export function subscribe(organizationId: string, applicationId: string, planVersionId: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/subscriptions', {
      params: { path: { organizationId } },
      body: { applicationId, planVersionId },
    }),
  );
}
