import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, hash, type ParamReader, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { closeDispute, disputeOf, type EvidenceText, evidenceFields, updateDispute } from './dispute.js';

const evidence = hash(
  Object.fromEntries(evidenceFields.map((field) => [field, clearable(text(20_000))])) as Record<
    (typeof evidenceFields)[number],
    ParamReader<string | null>
  >,
);

export const disputeRoutes: readonly Route[] = [
  route('GET', '/v1/disputes/{id}', {}, (call, _params, id) => disputeOf(call, id, 'id')),

  route('POST', '/v1/disputes/{id}', { evidence, metadata, submit: boolean }, (call, params, id) => {
    const dispute = disputeOf(call, id, 'id');
    return updateDispute(call, dispute, {
      evidence: (params.evidence ?? {}) as EvidenceText,
      metadata: mergeMetadata(dispute.metadata, params.metadata),
      // Evidence is handed in unless the request says otherwise, as at Stripe.
      submit: params.submit ?? params.evidence !== undefined,
    });
  }),

  route('POST', '/v1/disputes/{id}/close', {}, (call, _params, id) => closeDispute(call, disputeOf(call, id, 'id'))),

  listRoute(
    '/v1/disputes',
    'dispute',
    { charge: text(), created: createdFilter, payment_intent: text() },
    (call, params) =>
      (params.charge === undefined ? call.store.all('disputes') : call.store.childrenOf('disputes', params.charge))
        .filter((dispute) => dispute.payment_intent === (params.payment_intent ?? dispute.payment_intent))
        .filter((dispute) => params.created?.(dispute.created) ?? true),
  ),
];
