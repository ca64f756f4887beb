import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const publisherProductsQuery = queryOptions({
  queryKey: ['publisher', 'products'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/products'))).products,
});

/** @throws ProblemError `subscription_transition_refused` among others */
export function approveSubscription(subscriptionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/approve', { params: { path: { subscriptionId } } }),
  );
}

/** @throws ProblemError `subscription_transition_refused` among others */
export function refuseSubscription(subscriptionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/subscriptions/{subscriptionId}/refuse', {
      params: { path: { subscriptionId } },
      body: { reason: null },
    }),
  );
}

/** All versions of one's plans, drafts too. */
export const planVersionsQuery = queryOptions({
  queryKey: ['publisher', 'plan-versions'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/plan-versions'))).planVersions,
});

/** @throws ProblemError `plan_version_not_published` among others */
export function migrateSubscribers(planVersionId: string, noticeDays: number) {
  return answerOf(
    client.POST('/api/v1/publisher/plan-versions/{planVersionId}/migrate', {
      params: { path: { planVersionId } },
      body: { noticeDays },
    }),
  );
}

export const publisherSubscriptionsQuery = queryOptions({
  queryKey: ['publisher', 'subscriptions'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/subscriptions'))).subscriptions,
});
