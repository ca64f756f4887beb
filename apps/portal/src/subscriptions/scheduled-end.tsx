import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { reactivateSubscription } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationId } from '../organization/organization-context.js';

interface ScheduledEndProps {
  readonly subscription: Subscription;
  readonly mayManage: boolean;
}

/** Says that a subscription is going to end, and lets that be taken back; nothing when it is not. */
export function ScheduledEnd({ subscription: { id, cancelAt, state }, mayManage }: ScheduledEndProps) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const reactivate = useMutation({
    mutationFn: () => reactivateSubscription(organizationId, id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] }),
  });
  if (cancelAt === null || state === 'canceled') return null;
  return (
    <Alert color="yellow" title="This subscription is going to end">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          Calls are refused from <DateTime at={cancelAt} /> on.
        </Text>
        {mayManage && (
          <Button variant="default" size="xs" loading={reactivate.isPending} onClick={() => reactivate.mutate()}>
            Keep it after all
          </Button>
        )}
      </Group>
      {reactivate.isError && <ProblemAlert error={reactivate.error} />}
    </Alert>
  );
}
