import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { faultsByField } from '../api/problem.js';
import { setMoneyCap } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { mayManage } from '../organization/membership.js';
import { useOrganization, useOrganizationId } from '../organization/organization-context.js';
import { WhoMay } from '../organization/who-may.js';
import classes from './money-cap.module.css';

interface MoneyCapProps {
  readonly subscription: Subscription;
}

/** What the usage of a period may cost at most, and a way to change it. */
export function MoneyCap({ subscription }: MoneyCapProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { moneyCap, suspendedFor } = subscription;
  const isManager = mayManage(useOrganization().current.permissions).billing;
  return (
    <>
      {suspendedFor.includes('payment') && (
        <Alert color="red" mt="md" title="Suspended until it is paid for">
          Calls are refused until then. The keys are kept.
        </Alert>
      )}
      <div className={classes.cap}>
        <Text size="sm">
          {moneyCap ? `Usage is capped at ${moneyCap.formatted} a period.` : 'Usage has no spending cap.'}
        </Text>
        {isManager ? (
          <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
            {moneyCap ? 'Change cap' : 'Set a cap'}
          </Button>
        ) : (
          <WhoMay manage="billing" />
        )}
      </div>
      <Dialog opened={isOpen} onClose={() => setIsOpen(false)} title="Spending cap">
        <MoneyCapForm subscription={subscription} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  );
}

function MoneyCapForm({ subscription, onDone }: MoneyCapProps & { readonly onDone: () => void }) {
  const { moneyCap, currency } = subscription;
  const change = useSetMoneyCap(subscription);
  const [amount, setAmount] = useState('');
  const fault = faultsByField(change.error)['amount'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount.trim() !== '') change.mutate(amount.trim(), { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={`Cap on usage, in ${currency}`}
          description="For the usage of a period, before fixed fees and tax. Calls that would cost more are refused."
          placeholder={moneyCap ? moneyCap.formatted : '50.00'}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={fault}
          required
          withAsterisk={false}
          maxLength={20}
          data-autofocus
        />
        {change.isError && !fault && <ProblemAlert error={change.error} />}
        <Group justify="flex-end">
          {moneyCap && (
            <Button
              variant="default"
              color="red"
              disabled={change.isPending}
              onClick={() => change.mutate(null, { onSuccess: onDone })}
            >
              Remove cap
            </Button>
          )}
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={amount.trim() === ''}>
            Save cap
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useSetMoneyCap(subscription: Subscription) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(subscription);
  return useMutation({
    mutationFn: (amount: string | null) => setMoneyCap(organizationId, seen, amount),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] }),
  });
}
