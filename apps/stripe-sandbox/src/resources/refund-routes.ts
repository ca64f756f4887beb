import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { integer, oneOf, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { chargeToRefund, createRefund, refundOf, updateRefund } from './refund.js';

export const refundRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/refunds',
    {
      amount: integer,
      charge: text(),
      metadata,
      payment_intent: text(),
      reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
    },
    (call, params) =>
      createRefund(call, chargeToRefund(call, params), {
        amount: params.amount ?? null,
        metadata: mergeMetadata({}, params.metadata),
        reason: params.reason ?? null,
      }),
  ),

  route('GET', '/v1/refunds/{id}', {}, (call, _params, id) => refundOf(call, id, 'id')),

  route('POST', '/v1/refunds/{id}', { metadata }, (call, params, id) => {
    const refund = refundOf(call, id, 'id');
    return updateRefund(call, refund, mergeMetadata(refund.metadata, params.metadata));
  }),

  listRoute(
    '/v1/refunds',
    'refund',
    { charge: text(), created: createdFilter, payment_intent: text() },
    (call, params) =>
      (params.payment_intent === undefined
        ? call.store.all('refunds')
        : call.store.childrenOf('refunds', params.payment_intent)
      )
        .filter((refund) => refund.charge === (params.charge ?? refund.charge))
        .filter((refund) => params.created?.(refund.created) ?? true),
  ),
];
