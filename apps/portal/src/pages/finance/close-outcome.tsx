import { Button, Group, Stack, Text } from '@mantine/core';
import type { CloseResult } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { formatUnits } from '../../format/number.js';
import classes from './close-outcome.module.css';
import { closeSummary, closedInvoiceTitle, holdsByReason } from './close-summary.js';

const SHOWN = 50;

interface CloseOutcomeProps {
  readonly result: CloseResult;
  readonly onDone: () => void;
}

/** What closing did: the first periods that were closed, and why others are held. */
export function CloseOutcome({ result, onDone }: CloseOutcomeProps) {
  const { closed, held } = result;
  return (
    <Stack>
      <Text size="sm" role="status">
        {closeSummary(result)}
      </Text>
      <ul className={classes.list}>
        {closed.slice(0, SHOWN).map(({ subscriptionId, organizationName, periodStart, invoiceId, number, total }) => (
          <li key={`${subscriptionId}-${periodStart}`}>
            <span>{organizationName}</span>
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
        {holdsByReason(held).map(({ reason, count }) => (
          <li key={reason}>
            <span>{formatUnits(count, 'period')}</span>
            <span className={classes.reason}>held: {reason}</span>
          </li>
        ))}
      </ul>
      {closed.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {closed.length - SHOWN} more were closed: the board has them.
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone} data-autofocus>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
