import { queryOptions } from '@tanstack/react-query';
import { type Tagged, answerOf, client, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';
import type { PlanTerms, PublisherPlan } from './types.js';

type Body = paths['/api/v1/publisher/plans/{planId}/draft']['put']['requestBody']['content']['application/json'];

/** Terms as they are sent: what the API answers it takes, though its types of the two differ. */
const bodyOf = (terms: PlanTerms) => terms as Body;

const ofPlan = (planId: string) => ({ path: { planId } });
const seen = (planId: string, tag: string) => ({ path: { planId }, header: { 'if-match': tag } });

/** A plan with all its versions, and the ETag to change what it is called by. */
export const planQuery = (planId: string) =>
  queryOptions({
    queryKey: ['publisher', 'plan', planId],
    queryFn: () => taggedAnswerOf(client.GET('/api/v1/publisher/plans/{planId}', { params: ofPlan(planId) })),
  });

/** Its draft, with the tag to change it by. */
export const planDraftQuery = (planId: string) =>
  queryOptions({
    queryKey: ['publisher', 'plan-draft', planId],
    queryFn: () => taggedAnswerOf(client.GET('/api/v1/publisher/plans/{planId}/draft', { params: ofPlan(planId) })),
  });

/** What the terms cost where their prices change; refused with every fault of them. */
export const planPreviewQuery = (product: string, terms: PlanTerms) =>
  queryOptions({
    queryKey: ['publisher', 'plan-preview', product, terms],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/publisher/products/{product}/plan-preview', {
          params: { path: { product } },
          body: bodyOf(terms),
        }),
      ),
  });

/** As what Stripe taxes a product; null: as the account there says. @throws ProblemError `tax_code_invalid` among others */
export function setTaxCode(product: string, taxCode: string | null) {
  return answerOf(
    client.PUT('/api/v1/publisher/products/{product}/tax-code', { params: { path: { product } }, body: { taxCode } }),
  );
}

/** @throws ProblemError `plan_exists` among others */
export function createPlan(product: string, plan: { slug: string; title: string; currency: string }) {
  return answerOf(
    client.POST('/api/v1/publisher/products/{product}/plans', {
      params: { path: { product } },
      body: {
        ...plan,
        billingInterval: 'month',
        summary: '',
        visibility: 'public',
        invited: [],
        requiresApproval: false,
        prices: [],
        rateLimits: [],
        quotas: [],
      },
    }),
  );
}

export type OfferChanges = Partial<Pick<PublisherPlan, 'title' | 'summary' | 'visibility' | 'invited'>>;

/** @throws ProblemError `organization_unknown`, `changed_meanwhile` among others */
export function changePlanOffer({ id, etag }: Tagged<Pick<PublisherPlan, 'id'>>, offer: OfferChanges) {
  return answerOf(client.PATCH('/api/v1/publisher/plans/{planId}', { params: seen(id, etag), body: offer }));
}

export function createPlanDraft(planId: string, fromVersionId: string) {
  return answerOf(
    client.POST('/api/v1/publisher/plans/{planId}/draft', { params: ofPlan(planId), body: { fromVersionId } }),
  );
}

/** @throws ProblemError `plan_draft_changed`, `plan_invalid` among others */
export function replacePlanDraft(planId: string, tag: string, terms: PlanTerms) {
  return taggedAnswerOf(
    client.PUT('/api/v1/publisher/plans/{planId}/draft', { params: seen(planId, tag), body: bodyOf(terms) }),
  );
}

export function deletePlanDraft(planId: string, tag: string) {
  return answerOf(client.DELETE('/api/v1/publisher/plans/{planId}/draft', { params: seen(planId, tag) }));
}

/** @throws ProblemError `plan_draft_changed`, `plan_unchanged` among others */
export function publishPlanDraft(planId: string, tag: string) {
  return answerOf(client.POST('/api/v1/publisher/plans/{planId}/draft/publish', { params: seen(planId, tag) }));
}

export function retirePlan(planId: string) {
  return answerOf(client.POST('/api/v1/publisher/plans/{planId}/retire', { params: ofPlan(planId) }));
}

/** What closed periods would have cost under the saved draft. */
export function simulatePlanDraft(planId: string, span: { from: string; to: string }) {
  return answerOf(
    client.POST('/api/v1/publisher/plans/{planId}/draft/simulate', { params: ofPlan(planId), body: span }),
  );
}
