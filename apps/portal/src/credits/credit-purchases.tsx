import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { giveUpPurchase, openPaymentPage, removeTopUp } from '../api/credits.js';
import type { CreditPurchase, CreditStatement, CreditTopUp } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { sectionInset } from '../components/section.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { purchaseWords } from './credit-words.js';
import { useRefreshCredits } from './use-refresh-credits.js';

interface CreditPurchasesProps {
  readonly statement: CreditStatement;
  readonly mayManage: boolean;
  /** The person comes from the payment page, where a purchase was paid. */
  readonly hasPaid: boolean;
}

/** What is bought and not paid yet, and the rules that buy. */
export function CreditPurchases({ statement: { purchases, topUps }, mayManage, hasPaid }: CreditPurchasesProps) {
  if (purchases.length === 0 && topUps.length === 0) return null;
  return (
    <Stack gap="sm" className={sectionInset} pb="md">
      {purchases.map((purchase) => (
        <PurchaseAlert key={purchase.invoiceId} purchase={purchase} mayManage={mayManage} hasPaid={hasPaid} />
      ))}
      {topUps.map((rule) => (
        <TopUpRule key={`${rule.seller} ${rule.threshold.currency}`} rule={rule} mayManage={mayManage} />
      ))}
    </Stack>
  );
}

type PurchaseAlertProps = Pick<CreditPurchasesProps, 'mayManage' | 'hasPaid'> & { readonly purchase: CreditPurchase };

/** Where a purchase stands, with the way to the page that it is paid on. */
export function PurchaseAlert({ purchase, mayManage, hasPaid }: PurchaseAlertProps) {
  return (
    <Alert color={purchase.hasFailed ? 'red' : 'blue'} title={`${purchase.title} for ${purchase.price.formatted}`}>
      <Text size="sm">{purchaseWords(purchase, hasPaid)}</Text>
      {purchase.isOnPage && mayManage && !hasPaid && <PaymentPage purchase={purchase} />}
    </Alert>
  );
}

function PaymentPage({ purchase: { invoiceId } }: { readonly purchase: CreditPurchase }) {
  const organizationId = useOrganizationId();
  const refresh = useRefreshCredits();
  const open = useMutation({
    mutationFn: () => openPaymentPage(organizationId, invoiceId),
    onSuccess: (url) => (url === null ? refresh() : window.location.assign(url)),
  });
  const giveUp = useMutation({ mutationFn: () => giveUpPurchase(organizationId, invoiceId), onSettled: refresh });
  const error = open.error ?? giveUp.error;
  return (
    <Stack gap="sm" mt="sm">
      {error && <ProblemAlert error={error} />}
      <Group gap="sm">
        <Button size="xs" loading={open.isPending || open.isSuccess} onClick={() => open.mutate()}>
          Go to payment
        </Button>
        <Button size="xs" variant="default" loading={giveUp.isPending} onClick={() => giveUp.mutate()}>
          Give up the purchase
        </Button>
      </Group>
    </Stack>
  );
}

function TopUpRule({ rule, mayManage }: { readonly rule: CreditTopUp; readonly mayManage: boolean }) {
  const organizationId = useOrganizationId();
  const refresh = useRefreshCredits();
  const { seller, threshold, monthlyLimit, state } = rule;
  const remove = useMutation({
    mutationFn: () => removeTopUp(organizationId, seller, threshold.currency),
    onSuccess: refresh,
  });
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm">
        {state === 'active'
          ? `Credits are bought when less than ${threshold.formatted} is left, for at most ${monthlyLimit.formatted} a month.`
          : 'The automatic top-up has stopped after a payment that failed. Switch it on again once the invoice is paid.'}
      </Text>
      {mayManage && (
        <Button variant="default" size="xs" loading={remove.isPending} onClick={() => remove.mutate()}>
          Switch off
        </Button>
      )}
    </Group>
  );
}
