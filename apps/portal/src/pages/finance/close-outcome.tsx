import { Button, Group, Stack, Text } from '@mantine/core';
import type { BillingPeriod, CloseResult } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import classes from './close-outcome.module.css';
import { closeSummary, closedInvoiceTitle } from './close-summary.js';

interface CloseOutcomeProps {
  readonly result: CloseResult;
  readonly periods: readonly BillingPeriod[];
  readonly onDone: () => void;
}

/** What closing did, period by period. */
export function CloseOutcome({ result, periods, onDone }: CloseOutcomeProps) {
  const nameOf = (subscriptionId: string) =>
    periods.find((period) => period.subscriptionId === subscriptionId)?.organization.name ?? subscriptionId;
  const { closed, held } = result;
  return (
    <Stack>
      <Text size="sm" role="status">
        {closeSummary(result)}
      </Text>
      <ul className={classes.list}>
        {closed.map(({ subscriptionId, periodStart, invoiceId, number, total }) => (
          <li key={`${subscriptionId}-${periodStart}`}>
            <span>{nameOf(subscriptionId)}</span>
            {invoiceId ? (
              <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId }} size="sm">
                {closedInvoiceTitle({ number, total })}
              </TextLink>
            ) : (
              <span className={classes.quiet}>no invoice</span>
            )}
            <span className={classes.amount}>{total?.formatted}</span>
          </li>
        ))}
        {held.map(({ subscriptionId, periodStart, reason }) => (
          <li key={`${subscriptionId}-${periodStart}`}>
            <span>{nameOf(subscriptionId)}</span>
            <span className={classes.reason}>held: {reason}</span>
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
