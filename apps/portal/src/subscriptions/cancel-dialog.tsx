import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CancelWhen, cancelSubscription, cancellationQuery } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { Dialog } from '../components/dialog.js';
import { Loaded } from '../components/loaded.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { RatedLines } from '../invoices/rated-lines.js';
import { taxRows } from '../tax/tax-rows.js';
import { useOrganizationId } from '../organization/organization-context.js';

interface CancelDialogProps {
  readonly subscription: Subscription;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks when a subscription shall end, and shows what that means. */
export function CancelDialog({ subscription, opened, onClose }: CancelDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={`Cancel ${subscription.product.title}`} size="lg">
      <CancelForm subscription={subscription} onClose={onClose} />
    </Dialog>
  );
}

function CancelForm({ subscription, onClose }: Omit<CancelDialogProps, 'opened'>) {
  const { id, product, plan, cancelAt } = subscription;
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const [when, setWhen] = useState<CancelWhen>(cancelAt === null ? 'period_end' : 'now');
  const preview = useQuery(cancellationQuery(organizationId, id, when));
  const cancel = useMutation({
    mutationFn: () => cancelSubscription(organizationId, id, when),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
      onClose();
    },
  });
  return (
    <Stack>
      <Radio.Group
        label="When it ends"
        value={when}
        onChange={(value) => setWhen(value === 'now' ? 'now' : 'period_end')}
      >
        <Stack gap="xs" mt="xs">
          {cancelAt === null && (
            <Radio
              value="period_end"
              label="With the current period"
              description="Calls go on until then, and you can change your mind."
            />
          )}
          <Radio
            value="now"
            label="At once"
            description="Calls are refused from now on. This cannot be taken back; a new subscription is possible."
          />
        </Stack>
      </Radio.Group>
      <Loaded query={preview} skeleton={<LinesSkeleton lines={4} />}>
        {({ canceledAt, lines, isExact, ...amounts }) => (
          <div>
            <Text size="sm" mb="xs">
              Ends {when === 'now' ? 'now, ' : ''}
              <DateTime at={canceledAt} />.{' '}
              {when === 'now' ? 'The last invoice says:' : 'So far the last invoice says:'}
            </Text>
            <RatedLines
              caption={`The last invoice of ${product.title} ${plan.title}`}
              lines={lines}
              totals={taxRows(amounts, { subtotalLabel: 'Before tax', about: isExact ? '' : 'about ' })}
            />
          </div>
        )}
      </Loaded>
      {cancel.isError && <ProblemAlert error={cancel.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep subscription
        </Button>
        <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {when === 'now' ? 'Cancel at once' : 'Cancel with the period'}
        </Button>
      </Group>
    </Stack>
  );
}
