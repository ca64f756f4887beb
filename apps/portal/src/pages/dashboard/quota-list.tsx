import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useState } from 'react';
import type { CurrentUsage } from '../../api/types.js';
import { useNow } from '../../clock/use-now.js';
import { EmptyState } from '../../components/empty-state.js';
import { daysUntil, formatUtc } from '../../format/date.js';
import { QuotaBar } from '../../usage/quota-bar.js';
import { ChoosePlanLink } from '../../subscriptions/choose-plan-link.js';
import classes from './quota-list.module.css';

/** As many as stand well beside a chart. */
const shownAtFirst = 3;
const QUOTA_HEIGHT = { none: 20, one: 106 };

/** As tall as so many quotas are, so that nothing moves when they come. */
export function QuotaListSkeleton({ quotas }: { readonly quotas: number }) {
  if (quotas === 0) return <Skeleton h={QUOTA_HEIGHT.none} w="60%" />;
  return (
    <Stack gap="lg">
      {Array.from({ length: Math.min(quotas, shownAtFirst) }, (_, index) => (
        <Skeleton key={index} h={QUOTA_HEIGHT.one} />
      ))}
    </Stack>
  );
}

interface QuotaListProps {
  readonly subscriptions: readonly CurrentUsage[];
}

/** The quotas of all subscriptions, those most used first. */
export function QuotaList({ subscriptions }: QuotaListProps) {
  const now = useNow(60_000);
  const [isWhole, showWhole] = useState(false);
  if (subscriptions.length === 0) {
    return (
      <EmptyState icon={IconGauge} title="No plan yet" action={<ChoosePlanLink />}>
        The quotas of your plans fill up here as you call.
      </EmptyState>
    );
  }
  const quotas = subscriptions.flatMap(({ subscription, meters }) =>
    meters.flatMap((meter) => meter.quotas.map((quota) => ({ subscription, meter, quota }))),
  );
  if (quotas.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Your plans have no quotas: use as much as you like, within the rate limits.
      </Text>
    );
  }
  const fullness = ({ quota }: (typeof quotas)[number]) => Number(quota.used) / quota.limit;
  const sorted = quotas.toSorted((left, right) => fullness(right) - fullness(left));
  return (
    <Stack gap="lg">
      {(isWhole ? sorted : sorted.slice(0, shownAtFirst)).map(({ subscription, meter, quota }) => (
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
      {!isWhole && sorted.length > shownAtFirst && (
        <Button variant="default" size="xs" onClick={() => showWhole(true)}>
          Show all {sorted.length}
        </Button>
      )}
    </Stack>
  );
}
