import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createApplication } from '../../api/applications.js';
import { startPaymentSetup } from '../../api/payment-method.js';
import { subscribe } from '../../api/subscriptions.js';
import type { Subscription } from '../../api/types.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { forgetIntendedPlan } from '../../subscriptions/intended-plan.js';
import { returnPathOf } from '../../subscriptions/subscribe-progress.js';
import type { ChosenApplication } from './application-choice.js';

interface SubscribeRequest {
  readonly chosen: ChosenApplication;
  /** Go to the hosted card page instead, and come back. */
  readonly addCard: boolean;
  readonly acceptedTerms: string | null;
  readonly couponCode: string | null;
}

interface SubscribeEvents {
  /** The application was made; a second try must not make another. */
  readonly onApplication: (chosen: ChosenApplication) => void;
  readonly onSubscribed: (subscription: Subscription) => void;
}

/** Makes the application where it is new, then subscribes it, by way of the card page where that is needed. */
export function useSubscribe(planVersionId: string, { onApplication, onSubscribed }: SubscribeEvents) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
  return useMutation({
    mutationFn: async ({ chosen, addCard, acceptedTerms, couponCode }: SubscribeRequest) => {
      const applicationId = await ensureApplication(organizationId, chosen);
      if (chosen.kind === 'new') {
        await refresh();
        onApplication({ kind: 'existing', id: applicationId });
      }
      if (!addCard) return subscribe(organizationId, { applicationId, planVersionId, acceptedTerms, couponCode });
      const returnPath = returnPathOf(planVersionId, applicationId, couponCode);
      window.location.assign(await startPaymentSetup(organizationId, returnPath));
      return null;
    },
    onSuccess: (subscription) => {
      if (!subscription) return;
      forgetIntendedPlan();
      void refresh();
      onSubscribed(subscription);
    },
  });
}

async function ensureApplication(organizationId: string, chosen: ChosenApplication): Promise<string> {
  if (chosen.kind === 'existing') return chosen.id;
  return (await createApplication(organizationId, chosen.name.trim())).id;
}
