import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { unpaidInvoicesQuery } from '../api/dunning.js';
import { paymentMethodQuery, startPaymentSetup } from '../api/payment-method.js';
import { DateTime } from '../components/date-time.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { mayManage } from '../organization/membership.js';
import { useOrganization } from '../organization/organization-context.js';
import { type UnpaidWords, unpaidWords } from './unpaid-words.js';

/** Says on every page of the dashboard what is owed, what follows, and how to pay; nothing where nothing is past due. */
export function UnpaidBanner() {
  const { organization, permissions } = useOrganization().current;
  const { data } = useQuery({ ...unpaidInvoicesQuery(organization.id), refetchInterval: 5000 });
  const setup = useMutation({
    mutationFn: () => startPaymentSetup(organization.id, '/dashboard/billing'),
    onSuccess: (url) => window.location.assign(url),
  });
  const words = data && unpaidWords(data);
  const card = useQuery({ ...paymentMethodQuery(organization.id), enabled: Boolean(words) && !words?.isTransfer });
  const hasCard = card.data !== null;
  if (!words) return null;
  return (
    <Alert
      color={words.isSuspended ? 'red' : 'yellow'}
      icon={<IconAlertTriangle size={20} />}
      title={words.title}
      role="status"
      mb="xl"
    >
      <Stack gap="sm">
        <Text size="sm">
          <Consequence words={words} hasCard={hasCard} />
        </Text>
        {setup.isError && <ProblemAlert error={setup.error} />}
        {mayManage(permissions).billing && (
          <Group gap="sm">
            {words.payUrl !== null && (
              <Button component="a" href={words.payUrl} size="sm" {...(words.isSuspended && { color: 'red' })}>
                {words.mustConfirm ? 'Confirm the payment' : 'Pay now'}
              </Button>
            )}
            {!words.isTransfer && (
              <Button
                variant="default"
                size="sm"
                onClick={() => setup.mutate()}
                loading={setup.isPending || setup.isSuccess}
              >
                {hasCard ? 'Change card' : 'Add card'}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function Consequence({ words, hasCard }: { readonly words: UnpaidWords; readonly hasCard: boolean }) {
  const { reason, isSuspended, isTransfer, mustConfirm, accessEndsAt, nextRetryAt } = words;
  return (
    <>
      {reason !== null && !mustConfirm && `${reason} `}
      {mustConfirm && 'Your bank wants the payment to be confirmed on the payment provider’s page. '}
      {isSuspended && 'Once it is paid, calls pass again within seconds, with the same keys. '}
      {accessEndsAt !== null && (
        <>
          API calls work until <DateTime at={accessEndsAt} />.{' '}
        </>
      )}
      {!hasCard && !mustConfirm && !isTransfer && 'A card that you add is charged at once.'}
      {hasCard && nextRetryAt !== null && !mustConfirm && !isTransfer && (
        <>
          The card is charged again on <DateTime at={nextRetryAt} />; a new card is charged at once.
        </>
      )}
    </>
  );
}
