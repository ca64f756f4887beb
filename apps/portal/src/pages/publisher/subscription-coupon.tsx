import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { publishedCouponQuery, redeemCouponFor, removeCoupon } from '../../api/publisher.js';
import type { PublisherSubscriptionPage } from '../../api/types.js';
import { couponInForceWords } from '../../catalog/coupon-words.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Section } from '../../components/section.js';
import { CouponDialog } from '../../subscriptions/coupon-dialog.js';

/** What a coupon takes off a subscription; the team may redeem one for it, and remove it. */
export function SubscriptionCoupon({
  found: { id, coupon, currentPeriod },
}: {
  readonly found: PublisherSubscriptionPage;
}) {
  const [isRedeeming, redeeming] = useDisclosure(false);
  const [isRemoving, removing] = useDisclosure(false);
  const isEnding =
    coupon !== null && coupon.until !== null && Date.parse(coupon.until) <= Date.parse(currentPeriod.end);
  return (
    <Section title="Coupon" description="One at a time; as if the customer had entered its code.">
      <Group justify="space-between" gap="sm">
        <Text size="sm" {...(!coupon && { c: 'dimmed' })}>
          {coupon ? `${coupon.title}: ${couponInForceWords(coupon)}` : 'None.'}
        </Text>
        {!isEnding && (
          <Button size="xs" variant="default" onClick={coupon ? removing.open : redeeming.open}>
            {coupon ? 'Remove' : 'Enter a code'}
          </Button>
        )}
      </Group>
      <CouponDialog
        opened={isRedeeming}
        onClose={redeeming.close}
        queryKey={['publisher']}
        preview={(code) => publishedCouponQuery(id, code)}
        redeem={(code) => redeemCouponFor(id, code)}
      />
      <RemoveDialog subscriptionId={id} opened={isRemoving} onClose={removing.close} />
    </Section>
  );
}

interface RemoveDialogProps {
  readonly subscriptionId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function RemoveDialog({ subscriptionId, opened, onClose }: RemoveDialogProps) {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const remove = useMutation({
    mutationFn: () => removeCoupon(subscriptionId, reason.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
      setReason('');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Remove the coupon?"
      action="Remove"
      isDisabled={reason.trim() === ''}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Stack>
        <Text size="sm">
          It takes something off until the month that is under way ends. After that the subscription costs what its plan
          says. The organization cannot redeem the same coupon again.
        </Text>
        <TextInput
          label="Reason"
          description="For the audit log."
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
