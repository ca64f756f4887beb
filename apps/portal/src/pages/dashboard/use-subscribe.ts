import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createApplication } from '../../api/applications.js';
import { startPaymentSetup } from '../../api/payment-method.js';
import { subscribe } from '../../api/subscriptions.js';
import type { Subscription } from '../../api/types.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { forgetIntendedPlan } from '../../subscriptions/intended-plan.js';
import { forgetNewApplication, rememberNewApplication } from '../../subscriptions/new-application-name.js';
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

/** Goes to the card page first where a card is needed; else makes the application where it is new, and subscribes it. */
export function useSubscribe(planVersionId: string, { onApplication, onSubscribed }: SubscribeEvents) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
  return useMutation({
    mutationFn: async ({ chosen, addCard, acceptedTerms, couponCode }: SubscribeRequest) => {
      if (addCard) {
        // The application is made after that: whoever turns back on the card page, or may not go there, leaves none behind.
        const returnPath = returnPathOf(planVersionId, chosen.kind === 'existing' ? chosen.id : null, couponCode);
        const cardPage = await startPaymentSetup(organizationId, returnPath);
        if (chosen.kind === 'new') rememberNewApplication(chosen.name.trim());
        window.location.assign(cardPage);
        return null;
      }
      const applicationId = await ensureApplication(organizationId, chosen);
      if (chosen.kind === 'new') {
        forgetNewApplication();
        await refresh();
        onApplication({ kind: 'existing', id: applicationId });
      }
      return subscribe(organizationId, { applicationId, planVersionId, acceptedTerms, couponCode });
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
