import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const paymentMethodQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'payment-method'],
    queryFn: async () =>
      (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/payment-method', {
            params: { path: { organizationId } },
          }),
        )
      ).paymentMethod,
  });

/** The address of the hosted card page, which sends the browser back to `returnPath`. */
export async function startPaymentSetup(organizationId: string, returnPath: string): Promise<string> {
  const { url } = await answerOf(
    client.POST('/api/v1/organizations/{organizationId}/payment-method/setup-session', {
      params: { path: { organizationId } },
      body: { returnPath },
    }),
  );
  return url;
}

/** The address of the hosted page of saved cards and invoices, which leads back to `returnPath`. */
export async function openProviderPortal(organizationId: string, returnPath: string): Promise<string> {
  const { url } = await answerOf(
    client.POST('/api/v1/organizations/{organizationId}/payment-method/portal-session', {
      params: { path: { organizationId } },
      body: { returnPath },
    }),
  );
  return url;
}
