import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type AdjustmentProposal, financeBalanceQuery, proposeAdjustment } from '../../api/balance.js';
import type { Invoice } from '../../api/types.js';
import { BalanceStatement } from '../../balance/balance-statement.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { minorOfInput } from '../../format/minor-input.js';
import { ReasonField } from '../../components/reason-field.js';
import { useFinanceAction } from './use-finance-action.js';
import { type MoneyPlaceChoice, useMoneyPlace } from './use-money-place.js';

interface OrganizationBalanceProps extends MoneyPlaceChoice {
  readonly organization: Invoice['organization'];
}

/** What an organization has in store, and the way to change it by hand. */
export function OrganizationBalance({ organization, ...choice }: OrganizationBalanceProps) {
  const balance = useQuery(financeBalanceQuery(organization.id));
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Loaded query={balance} skeleton={<CardsSkeleton cards={1} height={120} />}>
        {(statement) => (
          <BalanceStatement
            statement={statement}
            description={`What ${organization.name} has in store. The next invoices use it before a card is charged.`}
            actions={
              <Button variant="default" size="sm" onClick={dialog.open} disabled={choice.currencies.length === 0}>
                Adjust balance
              </Button>
            }
          />
        )}
      </Loaded>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Adjust the balance of ${organization.name}`}>
        <AdjustmentForm organizationId={organization.id} choice={choice} onDone={dialog.close} />
      </Dialog>
    </>
  );
}

interface AdjustmentFormProps {
  readonly organizationId: string;
  readonly choice: MoneyPlaceChoice;
  readonly onDone: () => void;
}

function AdjustmentForm({ organizationId, choice, onDone }: AdjustmentFormProps) {
  const { currency, seller, fields } = useMoneyPlace(choice);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const amountMinor = minorOfInput(amount, currency);
  const isBad = amount !== '' && (amountMinor === null || amountMinor === '0');
  const propose = useFinanceAction(
    (proposal: AdjustmentProposal) => proposeAdjustment(organizationId, proposal),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amountMinor !== null && !isBad && seller !== null) propose.mutate({ currency, amountMinor, reason, seller });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {fields}
        <TextInput
          label={`Amount in ${currency}`}
          description="Positive in favour of the organization; with a minus it is taken of the balance."
          placeholder="25.00"
          inputMode="decimal"
          required
          data-autofocus
          value={amount}
          error={isBad ? `Write an amount of ${currency} such as 25 or -3.` : null}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <ReasonField description="The organization sees it." value={reason} onChange={setReason} />
        {propose.isError && <ProblemAlert error={propose.error} />}
        <Group justify="space-between">
          <span>Another person of finance must approve it.</span>
          <Button
            type="submit"
            loading={propose.isPending}
            disabled={isBad || amount === '' || reason.trim() === '' || seller === null}
          >
            Propose
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
