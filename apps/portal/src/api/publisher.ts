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

export const publisherSubscriptionsQuery = queryOptions({
  queryKey: ['publisher', 'subscriptions'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/subscriptions'))).subscriptions,
});
