import { answerOf, client } from './client.js';

/** Lets an organization have the trial of a product once more, with its next subscription to a plan that has one. */
export function grantTrial(organizationId: string, body: { readonly product: string; readonly reason: string }) {
  return answerOf(
    client.POST('/api/v1/finance/organizations/{organizationId}/trials', {
      params: { path: { organizationId } },
      body,
    }),
  );
}
