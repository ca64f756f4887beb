import { Alert, Text } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { DateTime } from '../components/date-time.js';
import { useOrganization } from './organization-context.js';

/** Says on every page of the dashboard that the operator has suspended the organization; nothing otherwise. */
export function SuspendedBanner() {
  const { name, suspendedAt } = useOrganization().current.organization;
  if (suspendedAt === null) return null;
  return (
    <Alert
      color="red"
      icon={<IconBan size={20} />}
      title={`All API calls of ${name} are refused`}
      role="status"
      mb="xl"
    >
      <Text size="sm">
        The operator of this portal has suspended the organization on <DateTime at={suspendedAt} />. Ask there for the
        reason: no payment lifts it by itself. Keys and subscriptions are kept, and calls pass again within seconds when
        the suspension is lifted. Plans with a fixed fee go on until they are canceled.
      </Text>
    </Alert>
  );
}
