import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Tagged } from '../api/client.js';
import { purchaseCredits, removeTopUp, setTopUp } from '../api/credits.js';
import type { CreditOffer, CreditStatement, CreditTopUp } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { minorOfInput } from '../format/minor-input.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { type ChosenPack, PackChoice, packInput } from './pack-choice.js';

/** The ways to buy credits: now, and whenever they run low. */
export function BuyCredits({ statement: { offers, etag } }: { readonly statement: Tagged<CreditStatement> }) {
  const [isBuying, buying] = useDisclosure(false);
  const [isTopping, topping] = useDisclosure(false);
  if (offers.length === 0) return null;
  return (
    <>
      <Group gap="sm">
        <Button variant="default" size="sm" onClick={topping.open}>
          Automatic top-up
        </Button>
        <Button size="sm" onClick={buying.open}>
          Buy credits
        </Button>
      </Group>
      <Dialog opened={isBuying} onClose={buying.close} title="Buy prepaid credits">
        <PurchaseForm offers={offers} onDone={buying.close} />
      </Dialog>
      <Dialog opened={isTopping} onClose={topping.close} title="Automatic top-up">
        <TopUpForm offers={offers} etag={etag} onDone={topping.close} />
      </Dialog>
    </>
  );
}

interface FormProps {
  readonly offers: readonly CreditOffer[];
  readonly onDone: () => void;
}

function useChosenPack(offers: readonly CreditOffer[]) {
  const offer = offers[0]!;
  return useState<ChosenPack>({ offer, pack: offer.packs[0]!, amount: '' });
}

function PurchaseForm({ offers, onDone }: FormProps) {
  const organizationId = useOrganizationId();
  const refresh = useRefresh();
  const [chosen, setChosen] = useChosenPack(offers);
  const input = packInput(chosen);
  const purchase = useMutation({
    mutationFn: (body: NonNullable<typeof input>) => purchaseCredits(organizationId, body),
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input) purchase.mutate(input);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <PackChoice offers={offers} value={chosen} onChange={setChosen} />
        <Text size="sm" c="dimmed">
          An invoice is charged to the saved card at once, with tax where there is one. The credits are there when it is
          paid.
        </Text>
        {purchase.isError && <ProblemAlert error={purchase.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={purchase.isPending} disabled={input === null}>
            Buy credits
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TopUpForm({ offers, etag, onDone }: FormProps & { readonly etag: string }) {
  const organizationId = useOrganizationId();
  const refresh = useRefresh();
  const [chosen, setChosen] = useChosenPack(offers);
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(etag);
  const [threshold, setThreshold] = useState('');
  const [limit, setLimit] = useState('');
  const { currency } = chosen.offer;
  const input = packInput(chosen);
  const thresholdMinor = minorOfInput(threshold, currency);
  const monthlyLimitMinor = minorOfInput(limit, currency);
  const save = useMutation({
    mutationFn: (body: Parameters<typeof setTopUp>[1]) => setTopUp(organizationId, body, seen),
    onError: refresh,
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (input && thresholdMinor && monthlyLimitMinor) save.mutate({ ...input, thresholdMinor, monthlyLimitMinor });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <PackChoice offers={offers} value={chosen} onChange={setChosen} />
        <TextInput
          label={`When less than so much is left, in ${currency}`}
          placeholder="10.00"
          inputMode="decimal"
          required
          value={threshold}
          onChange={(event) => setThreshold(event.currentTarget.value)}
        />
        <TextInput
          label={`At most in a month, in ${currency}`}
          description="Of a calendar month (UTC), before tax."
          placeholder="100.00"
          inputMode="decimal"
          required
          value={limit}
          onChange={(event) => setLimit(event.currentTarget.value)}
        />
        {save.isError && <ProblemAlert error={save.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={save.isPending}
            disabled={input === null || thresholdMinor === null || monthlyLimitMinor === null}
          >
            Switch on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What is bought and not paid yet, and the rules that buy. */
export function CreditPurchases({
  statement: { purchases, topUps },
  mayManage,
}: {
  readonly statement: CreditStatement;
  readonly mayManage: boolean;
}) {
  if (purchases.length === 0 && topUps.length === 0) return null;
  return (
    <Stack gap="sm" px="lg" pb="md">
      {purchases.map(({ invoiceId, invoiceNumber, title, price, hasFailed }) => (
        <Alert key={invoiceId} color={hasFailed ? 'red' : 'blue'} title={`${title} for ${price.formatted}`}>
          <Text size="sm">
            {hasFailed
              ? `The payment of invoice ${invoiceNumber} has failed. Save a card that works: it is charged then, and the credits are there.`
              : 'The payment is under way. The credits are there in a moment.'}
          </Text>
        </Alert>
      ))}
      {topUps.map((rule) => (
        <TopUpRule key={`${rule.seller} ${rule.threshold.currency}`} rule={rule} mayManage={mayManage} />
      ))}
    </Stack>
  );
}

function TopUpRule({ rule, mayManage }: { readonly rule: CreditTopUp; readonly mayManage: boolean }) {
  const organizationId = useOrganizationId();
  const refresh = useRefresh();
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

function useRefresh() {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
}
