import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const publisherProductsQuery = queryOptions({
  queryKey: ['publisher', 'products'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/products'))).products,
});

export const publisherSubscriptionsQuery = queryOptions({
  queryKey: ['publisher', 'subscriptions'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/publisher/subscriptions'))).subscriptions,
});
