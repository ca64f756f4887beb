import { Alert, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { PaymentMethod } from '../../api/types.js';
import { Loaded } from '../../components/loaded.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { CardWords } from '../../payment/card-words.js';
import type { NextAction } from '../../subscriptions/subscribe-progress.js';

interface PaymentStepProps {
  readonly paymentMethod: UseQueryResult<PaymentMethod>;
  readonly action: NextAction;
  /** Came back from the card page, and no card arrived. */
  readonly missed: boolean;
}

export function PaymentStep({ paymentMethod, action, missed }: PaymentStepProps) {
  return (
    <Loaded query={paymentMethod} skeleton={<LinesSkeleton lines={1} />}>
      {(card) => {
        if (card) return <CardWords card={card} />;
        if (action === 'wait_for_card') {
          return (
            <Text size="sm" role="status">
              Waiting for the payment provider to confirm your card…
            </Text>
          );
        }
        if (action === 'ask_for_card') {
          return (
            <Alert color="yellow" title="No card is saved yet">
              <Text size="sm">
                Owners, admins and billing members of the organization add one on the billing page. After that you can
                subscribe here. Nothing is made until then.
              </Text>
            </Alert>
          );
        }
        return (
          <>
            {missed && (
              <Alert color="yellow" mb="sm">
                No card was saved. Add one to go on.
              </Alert>
            )}
            <Text size="sm">
              No card yet. You add one on the payment provider’s page and come right back here to confirm.
            </Text>
          </>
        );
      }}
    </Loaded>
  );
}
