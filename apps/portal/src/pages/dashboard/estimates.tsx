import { Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconReceipt } from '@tabler/icons-react';
import type { CurrentUsage } from '../../api/types.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { formatPeriod } from '../../format/date.js';
import { RatedLines } from '../../invoices/rated-lines.js';
import { taxRows } from '../../tax/tax-rows.js';
import { MoneyCap } from '../../subscriptions/money-cap.js';
import { ChoosePlanLink } from '../../subscriptions/choose-plan-link.js';

interface EstimatesProps {
  readonly usage: UseQueryResult<readonly CurrentUsage[]>;
}

/** What each subscription's period would cost if it ended now. */
export function Estimates({ usage }: EstimatesProps) {
  return (
    <Loaded
      query={usage}
      skeleton={
        <Section title="Current period">
          <LinesSkeleton lines={5} />
        </Section>
      }
    >
      {(subscriptions) =>
        subscriptions.length === 0 ? (
          <Section title="Current period">
            <EmptyState icon={IconReceipt} title="Nothing to bill" action={<ChoosePlanLink />}>
              Once an application has a plan, its costs so far are here at any time.
            </EmptyState>
          </Section>
        ) : (
          <Stack gap="lg">
            {subscriptions.map(
              ({ subscription, estimate, taxes, taxTreatment, total, toBalance, estimateIsExact, lines }) => (
                <Section
                  key={subscription.id}
                  title={`${subscription.product.title} ${subscription.plan.title}`}
                  description={`${subscription.application.name} · current period ${formatPeriod(
                    new Date(subscription.currentPeriod.start),
                    new Date(subscription.currentPeriod.end),
                  )} (UTC)`}
                >
                  <RatedLines
                    caption={`Estimate for ${subscription.product.title} ${subscription.plan.title}`}
                    lines={lines}
                    totals={taxRows(
                      { subtotal: estimate, taxes, taxTreatment, total, toBalance },
                      {
                        subtotalLabel: 'So far, before tax',
                        totalLabel: 'So far',
                        about: estimateIsExact ? '' : 'about ',
                      },
                    )}
                  />
                  {!estimateIsExact && (
                    <Text size="sm" c="dimmed" mt="xs">
                      Some prices depend on single calls, and there are many or late ones. Here all calls of a meter are
                      taken to be worth the same; the invoice looks at each.
                    </Text>
                  )}
                  <MoneyCap subscription={subscription} />
                </Section>
              ),
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}
