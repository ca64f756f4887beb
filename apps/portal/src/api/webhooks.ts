import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { AnswerOf } from './types.js';

const LIST = '/api/v1/organizations/{organizationId}/webhook-endpoints';
const ONE = '/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}';
const LOG = '/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}/deliveries';
const DELIVERY =
  '/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}/deliveries/{webhookDeliveryId}';

export type WebhookEndpoint = AnswerOf<typeof ONE, 'get'>;
export type WebhookEndpointWithSecret = AnswerOf<typeof LIST, 'post'>;
export type WebhookEventType = WebhookEndpoint['eventTypes'][number];
export type ListedWebhookDelivery = AnswerOf<typeof LOG, 'get'>['deliveries'][number];
export type WebhookDelivery = AnswerOf<typeof DELIVERY, 'get'>;
export type WebhookAttempt = WebhookDelivery['tries'][number];
export type WebhookDeliveryState = WebhookDelivery['state'];

/** What is shown of the log; everything when nothing is chosen. */
export interface WebhookLogFilter {
  readonly state: WebhookDeliveryState | null;
  readonly eventType: WebhookDelivery['eventType'] | null;
}

interface At {
  readonly organizationId: string;
  readonly webhookEndpointId: string;
}

const keyOf = (organizationId: string, ...rest: readonly unknown[]) => [
  'organization',
  organizationId,
  'webhooks',
  ...rest,
];

/** All that is shown of an organization's webhooks. */
export const webhooksKey = (organizationId: string) => keyOf(organizationId);

export const webhookEndpointsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: keyOf(organizationId, 'list'),
    queryFn: () => answerOf(client.GET(LIST, { params: { path: { organizationId } } })),
  });

export const webhookEndpointQuery = (path: At) =>
  queryOptions({
    queryKey: keyOf(path.organizationId, path.webhookEndpointId),
    queryFn: () => answerOf(client.GET(ONE, { params: { path } })),
  });

export const webhookEventTypesQuery = queryOptions({
  queryKey: ['webhook-event-types'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/webhook-event-types'))).eventTypes,
  staleTime: Infinity,
});

/** The messages to an endpoint, the newest first, page by page. */
export const webhookDeliveriesQuery = (path: At, { state, eventType }: WebhookLogFilter) =>
  infiniteQueryOptions({
    queryKey: keyOf(path.organizationId, path.webhookEndpointId, 'log', state, eventType),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET(LOG, {
          params: {
            path,
            query: {
              limit: 25,
              ...(state !== null && { state }),
              ...(eventType !== null && { eventType }),
              ...(pageParam !== undefined && { before: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const webhookDeliveryQuery = (path: At & { readonly webhookDeliveryId: string }) =>
  queryOptions({
    queryKey: keyOf(path.organizationId, path.webhookEndpointId, 'delivery', path.webhookDeliveryId),
    queryFn: () => answerOf(client.GET(DELIVERY, { params: { path } })),
  });

export function createWebhookEndpoint(
  organizationId: string,
  body: { readonly url: string; readonly description: string; readonly eventTypes: WebhookEventType[] },
) {
  return answerOf(client.POST(LIST, { params: { path: { organizationId } }, body }));
}

/** @throws ProblemError `changed_meanwhile` among others */
export function editWebhookEndpoint(
  path: At,
  etag: string,
  body: {
    readonly url?: string;
    readonly description?: string;
    readonly eventTypes?: WebhookEventType[];
    readonly isEnabled?: boolean;
  },
) {
  return answerOf(client.PATCH(ONE, { params: { path, header: { 'if-match': etag } }, body }));
}

export function deleteWebhookEndpoint(path: At) {
  return answerOf(client.DELETE(ONE, { params: { path } }));
}

export function rotateWebhookSecret(path: At, overlapSeconds: number) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}/rotate', {
      params: { path },
      body: { overlapSeconds },
    }),
  );
}

export function sendTestWebhook(path: At) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}/test', {
      params: { path },
    }),
  );
}

export function resendWebhook(path: At & { readonly webhookDeliveryId: string }) {
  return answerOf(
    client.POST(
      '/api/v1/organizations/{organizationId}/webhook-endpoints/{webhookEndpointId}/deliveries/{webhookDeliveryId}/resend',
      { params: { path } },
    ),
  );
}
