import { Alert, Button, Group, Text } from '@mantine/core';
import { reactivateSubscription } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationAction } from './use-organization-action.js';

interface ScheduledEndProps {
  readonly subscription: Subscription;
  readonly mayManage: boolean;
}

/** Says that a subscription is going to end, and lets that be taken back; nothing when it is not. */
export function ScheduledEnd({ subscription: { id, cancelAt, state }, mayManage }: ScheduledEndProps) {
  const reactivate = useOrganizationAction((organizationId) => reactivateSubscription(organizationId, id));
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
