import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type CreditProposalInput, financeCreditsQuery, giveCredits } from '../../api/credits.js';
import type { Invoice } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { CreditStatement } from '../../credits/credit-statement.js';
import { minorOfInput } from '../../format/minor-input.js';
import { ReasonField } from '../../components/reason-field.js';
import { useFinanceAction } from './use-finance-action.js';
import { type MoneyPlaceChoice, useMoneyPlace } from './use-money-place.js';

interface OrganizationCreditsProps extends MoneyPlaceChoice {
  readonly organization: Invoice['organization'];
}

/** The prepaid credits of an organization, and the way to give some. */
export function OrganizationCredits({ organization, ...choice }: OrganizationCreditsProps) {
  const credits = useQuery(financeCreditsQuery(organization.id));
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Loaded query={credits} skeleton={<CardsSkeleton cards={1} height={120} />}>
        {(statement) => (
          <CreditStatement
            statement={statement}
            description={`They pay for the usage of ${organization.name} when a period is invoiced.`}
            actions={
              <Button variant="default" size="sm" onClick={dialog.open} disabled={choice.currencies.length === 0}>
                Give credits
              </Button>
            }
          />
        )}
      </Loaded>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Give ${organization.name} credits`}>
        <CreditsForm organizationId={organization.id} choice={choice} onDone={dialog.close} />
      </Dialog>
    </>
  );
}

interface CreditsFormProps {
  readonly organizationId: string;
  readonly choice: MoneyPlaceChoice;
  readonly onDone: () => void;
}

const sources = [
  { value: 'promotional', label: 'A gift' },
  { value: 'adjustment', label: 'To make something good' },
];

function CreditsForm({ organizationId, choice, onDone }: CreditsFormProps) {
  const { currency, seller, fields } = useMoneyPlace(choice);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [source, setSource] = useState<CreditProposalInput['source']>('promotional');
  const [expires, setExpires] = useState('');
  const amountMinor = minorOfInput(amount, currency);
  const isBad = amount !== '' && (amountMinor === null || BigInt(amountMinor) <= 0n);
  const give = useFinanceAction(
    (given: Pick<CreditProposalInput, 'amountMinor' | 'seller'>) =>
      giveCredits(organizationId, {
        ...given,
        currency,
        reason,
        source,
        ...(expires === '' ? {} : { expiresAt: `${expires}T00:00:00Z` }),
      }),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amountMinor !== null && !isBad && seller !== null) give.mutate({ amountMinor, seller });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {fields}
        <TextInput
          label={`Amount in ${currency}`}
          placeholder="25.00"
          inputMode="decimal"
          required
          data-autofocus
          value={amount}
          error={isBad ? `Write an amount of ${currency} such as 25.` : null}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <Select
          label="What for"
          data={sources}
          value={source}
          allowDeselect={false}
          onChange={(value) => setSource(value === 'adjustment' ? 'adjustment' : 'promotional')}
        />
        <TextInput
          label="Expires on (UTC)"
          description="They pay periods that end by the beginning of that day. Without a day they never expire."
          type="date"
          value={expires}
          onChange={(event) => setExpires(event.currentTarget.value)}
        />
        <ReasonField description="The organization sees it, on its invoices too." value={reason} onChange={setReason} />
        {give.isError && <ProblemAlert error={give.error} />}
        <Group justify="space-between">
          <span>Above a limit another person must approve.</span>
          <Button
            type="submit"
            loading={give.isPending}
            disabled={isBad || amount === '' || reason.trim() === '' || seller === null}
          >
            Give credits
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
