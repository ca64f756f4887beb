import { Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refuseSubscription } from '../../api/publisher.js';
import type { PublisherSubscription } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { ReasonField } from '../../components/reason-field.js';

interface RefuseDialogProps {
  readonly subscription: PublisherSubscription;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before a subscription that waits is refused, which cannot be taken back, and why. */
export function RefuseDialog({ subscription, opened, onClose }: RefuseDialogProps) {
  const { id, organization, product, plan } = subscription;
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const refuse = useMutation({
    mutationFn: () => refuseSubscription(id, reason),
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['publisher'] });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={`Refuse ${organization.name}?`}
      action="Refuse subscription"
      isDangerous
      isPending={refuse.isPending}
      error={refuse.error}
      onConfirm={() => refuse.mutate()}
      onClose={onClose}
    >
      <Stack>
        <Text size="sm">
          The subscription to {product.title} {plan.title} ends for good and never begins. They can subscribe again.
        </Text>
        <ReasonField
          isOptional
          description={`A mail tells ${organization.name}, with what you write here.`}
          value={reason}
          onChange={setReason}
        />
      </Stack>
    </ConfirmDialog>
  );
}
