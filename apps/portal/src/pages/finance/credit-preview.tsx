import { Group, Paper, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { CreditNotePreview } from '../../api/types.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { formatMinor } from '../../format/money.js';

interface CreditPreviewProps {
  readonly preview: UseQueryResult<CreditNotePreview>;
  readonly isRefund: boolean;
}

/** What a credit note would be over, and where its money would go. */
export function CreditPreview({ preview: { data, error }, isRefund }: CreditPreviewProps) {
  if (error) return <ProblemAlert error={error} />;
  if (!data) return null;
  return (
    <Paper withBorder p="sm">
      <Stack gap={4}>
        {entriesOf(data, isRefund).map(({ label, value }) => (
          <Group key={label} justify="space-between" gap="sm">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" className="tabular">
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

function entriesOf({ subtotal, tax, total, reduced, refundable }: CreditNotePreview, isRefund: boolean) {
  const cardMinor = isRefund ? BigInt(refundable.amountMinor) : 0n;
  const restMinor = BigInt(total.amountMinor) - BigInt(reduced.amountMinor) - cardMinor;
  const hasTax = tax.amountMinor !== '0';
  return [
    { label: 'Without tax', value: subtotal.formatted, isShown: hasTax },
    { label: 'Tax', value: tax.formatted, isShown: hasTax },
    { label: 'Credited', value: total.formatted, isShown: true },
    { label: 'Off what is due', value: reduced.formatted, isShown: reduced.amountMinor !== '0' },
    { label: 'To the card', value: refundable.formatted, isShown: isRefund },
    { label: 'To the balance', value: formatMinor(restMinor, total.currency), isShown: restMinor !== 0n },
  ].filter(({ isShown }) => isShown);
}
