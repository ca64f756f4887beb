import { Alert, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { resumeSubscription, suspendSubscription } from '../../api/publisher.js';
import type { PublisherSubscriptionPage } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { ReasonButton } from '../../components/reason-button.js';
import { useDeskAction } from '../../components/use-desk-action.js';

interface SuspendSubscriptionProps {
  readonly subscriptionId: string;
  readonly organizationName: string;
}

/** Asks why, and has the calls of a subscription refused. */
export function SuspendSubscription({ subscriptionId, organizationName }: SuspendSubscriptionProps) {
  return (
    <ReasonButton
      label="Suspend"
      name="Suspend the subscription"
      desk="publisher"
      title={`Suspend the subscription of ${organizationName}?`}
      reasonDescription="For the audit log, which the customer reads too."
      action="Suspend"
      run={(reason) => suspendSubscription(subscriptionId, reason)}
    >
      Its calls are refused with 403 within a second, and open streams end. Keys are kept, and what its plan costs goes
      on: to end that, cancel with the customer. You can resume it at any time.
    </ReasonButton>
  );
}

const words: Readonly<Record<PublisherSubscriptionPage['suspendedFor'][number], string>> = {
  publisher: 'Your team has suspended it.',
  operator: 'The operator of this portal has suspended it, and lifts that.',
  payment: 'Something is owed for too long: a payment lifts that.',
  trial_ended: 'Its trial has ended, and no card was saved.',
};

/** What the calls of a subscription are refused for, and a way to lift what the team decided itself; nothing while they pass. */
export function SuspendedSubscription({ found }: { readonly found: PublisherSubscriptionPage }) {
  const { id, state, suspendedFor } = found;
  const [isAsking, setAsking] = useState(false);
  const resume = useDeskAction(
    'publisher',
    () => resumeSubscription(id),
    () => setAsking(false),
  );
  if (suspendedFor.length === 0 || state === 'canceled') return null;
  const isOwn = suspendedFor.includes('publisher');
  return (
    <Alert color="red" title="Its calls are refused">
      <Text size="sm">{suspendedFor.map((reason) => words[reason]).join(' ')}</Text>
      {isOwn && (
        <Button size="xs" mt="sm" onClick={() => setAsking(true)}>
          Resume
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Resume the subscription?"
        action="Resume"
        isPending={resume.isPending}
        error={resume.error}
        onConfirm={() => resume.mutate()}
      >
        {suspendedFor.length === 1
          ? 'Its calls pass again within a second, with the same keys.'
          : 'Its calls stay refused for what else holds; your team does not hinder them any more.'}
      </ConfirmDialog>
    </Alert>
  );
}
