import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { paymentTermsQuery } from '../../api/payment-terms.js';
import { openProviderPortal, paymentMethodQuery, startPaymentSetup } from '../../api/payment-method.js';
import { settingsQuery } from '../../api/settings.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { CardWords } from '../../payment/card-words.js';
import { TermsWords } from '../../payment/terms-words.js';

export function PaymentMethodSection() {
  const { organization, permissions } = useOrganization().current;
  const { data: settings } = useQuery(settingsQuery);
  // A card given on the payment provider's page becomes known a moment after coming back.
  const paymentMethod = useQuery({
    ...paymentMethodQuery(organization.id),
    refetchInterval: ({ state }) => (state.data ? false : 3000),
  });
  const setup = useMutation({
    mutationFn: () => startPaymentSetup(organization.id, '/dashboard/billing'),
    onSuccess: (url) => window.location.assign(url),
  });
  const portal = useMutation({
    mutationFn: () => openProviderPortal(organization.id, '/dashboard/billing'),
    onSuccess: (url) => window.location.assign(url),
  });
  const terms = useQuery(paymentTermsQuery(organization.id));
  const transferTerms = terms.data?.method === 'transfer' ? terms.data : null;
  const label = paymentMethod.data ? 'Replace card' : 'Add card';
  return (
    <Section
      title="Payment method"
      description={settings?.simulatedPayments ? 'Payments are simulated here: use a test card.' : undefined}
      actions={
        mayManage(permissions).billing &&
        !transferTerms && (
          <Group gap="sm">
            {paymentMethod.data && (
              <Button
                variant="default"
                size="sm"
                onClick={() => portal.mutate()}
                loading={portal.isPending || portal.isSuccess}
              >
                Manage cards
              </Button>
            )}
            <Button
              variant="default"
              size="sm"
              onClick={() => setup.mutate()}
              loading={setup.isPending || setup.isSuccess}
              disabled={paymentMethod.isPending}
            >
              {label}
            </Button>
          </Group>
        )
      }
    >
      {setup.isError && <ProblemAlert error={setup.error} />}
      {portal.isError && <ProblemAlert error={portal.error} />}
      <Loaded query={paymentMethod} skeleton={<LinesSkeleton lines={2} />}>
        {(card) =>
          transferTerms ? (
            <TermsWords terms={transferTerms} />
          ) : card ? (
            <CardWords card={card} />
          ) : (
            <Text size="sm" c="dimmed">
              No card yet. Free plans need none; paid plans ask for one when you subscribe.
            </Text>
          )
        }
      </Loaded>
    </Section>
  );
}
