import { Alert, Button, Group, Text } from '@mantine/core';
import { keepPlan } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationAction } from './use-organization-action.js';

interface PlannedChangeProps {
  readonly subscription: Subscription;
  readonly mayManage: boolean;
}

/** Says that another plan is going to begin, and lets that be taken back; nothing when none is. */
export function PlannedChange({ subscription: { id, plan, plannedChange }, mayManage }: PlannedChangeProps) {
  const keep = useOrganizationAction((organizationId) => keepPlan(organizationId, id));
  if (plannedChange === null) return null;
  // Of the same plan it is the product team's: one can choose another plan or cancel.
  const isNewVersion = plannedChange.plan.slug === plan.slug;
  return (
    <Alert
      color="accent"
      title={isNewVersion ? `${plan.title} gets new terms` : `The plan changes to ${plannedChange.plan.title}`}
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {isNewVersion ? `Version ${plannedChange.plan.versionNumber} begins ` : 'It begins '}
          <DateTime at={plannedChange.startsAt} />.
        </Text>
        {mayManage && !isNewVersion && (
          <Button variant="default" size="xs" loading={keep.isPending} onClick={() => keep.mutate()}>
            Keep {plan.title}
          </Button>
        )}
      </Group>
      {keep.isError && <ProblemAlert error={keep.error} />}
    </Alert>
  );
}
