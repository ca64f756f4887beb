import { Stack, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import type { CurrentUsage } from '../../api/types.js';
import { useNow } from '../../clock/use-now.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink } from '../../components/links.js';
import { daysUntil, formatUtc } from '../../format/date.js';
import { QuotaBar } from '../../usage/quota-bar.js';
import classes from './quota-list.module.css';

interface QuotaListProps {
  readonly subscriptions: readonly CurrentUsage[];
}

/** The quotas of all subscriptions, those most used first. */
export function QuotaList({ subscriptions }: QuotaListProps) {
  const now = useNow(60_000);
  if (subscriptions.length === 0) {
    return (
      <EmptyState
        icon={IconGauge}
        title="No plan yet"
        action={
          <ButtonLink to="/dashboard/subscribe" variant="default">
            Choose a plan
          </ButtonLink>
        }
      >
        The quotas of your plans fill up here as you call.
      </EmptyState>
    );
  }
  const quotas = subscriptions.flatMap(({ subscription, meters }) =>
    meters.flatMap((meter) => (meter.quota ? [{ subscription, meter, quota: meter.quota }] : [])),
  );
  if (quotas.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Your plans have no quotas: use as much as you like, within the rate limits.
      </Text>
    );
  }
  const fullness = ({ quota }: (typeof quotas)[number]) => Number(quota.used) / quota.limit;
  return (
    <Stack gap="lg">
      {quotas
        .toSorted((left, right) => fullness(right) - fullness(left))
        .map(({ subscription, meter, quota }) => (
          <div key={`${subscription.id}-${quota.name}-${meter.slug}`}>
            <p className={classes.title}>
              {subscription.product.title} {subscription.plan.title}
              <span title={formatUtc(new Date(subscription.currentPeriod.end))}>
                {daysUntil(new Date(subscription.currentPeriod.end), now)} days left
              </span>
            </p>
            <p className={classes.application}>{subscription.application.name}</p>
            <QuotaBar quota={quota} meter={meter} />
          </div>
        ))}
    </Stack>
  );
}
