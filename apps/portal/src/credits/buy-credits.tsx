import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Tagged } from '../api/client.js';
import { purchaseCredits, setTopUp } from '../api/credits.js';
import { paymentMethodQuery } from '../api/payment-method.js';
import { paymentTermsQuery } from '../api/payment-terms.js';
import type { CreditOffer, CreditStatement } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { minorOfInput } from '../format/minor-input.js';
import { useRefreshCredits } from './use-refresh-credits.js';
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
  const refresh = useRefreshCredits();
  const [chosen, setChosen] = useChosenPack(offers);
  const input = packInput(chosen);
  const card = useQuery(paymentMethodQuery(organizationId));
  const terms = useQuery(paymentTermsQuery(organizationId));
  const onPage = card.data === null && terms.data?.method === 'card';
  const purchase = useMutation({
    mutationFn: (body: NonNullable<typeof input>) =>
      purchaseCredits(organizationId, { ...body, payment: onPage ? 'page' : 'saved_card' }),
    onSuccess: async ({ paymentUrl }) => {
      if (paymentUrl !== null) return window.location.assign(paymentUrl);
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
          {onPage
            ? 'No card is saved: you pay the invoice on the payment provider’s page, with tax where there is one. The credits are there when it is paid.'
            : terms.data?.method === 'transfer'
              ? 'An invoice is made, with tax where there is one. The credits are there when your transfer has paid it.'
              : 'An invoice is charged to the saved card at once, with tax where there is one. The credits are there when it is paid.'}
        </Text>
        {purchase.isError && <ProblemAlert error={purchase.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={purchase.isPending || purchase.isSuccess}
            disabled={input === null || card.isPending || terms.isPending}
          >
            {onPage ? 'Continue to payment' : 'Buy credits'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function TopUpForm({ offers, etag, onDone }: FormProps & { readonly etag: string }) {
  const organizationId = useOrganizationId();
  const refresh = useRefreshCredits();
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
