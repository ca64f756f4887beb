import { Stack, Text } from '@mantine/core';
import type { ProductFunnel } from '../api/types.js';
import { UsedBar } from '../components/used-bar.js';
import { formatQuantity, formatShare } from '../format/number.js';

const steps = [
  { key: 'signedUp', label: 'Signed up' },
  { key: 'subscribed', label: 'Subscribed to the product' },
  { key: 'called', label: 'Called it with a live key' },
  { key: 'paid', label: 'Paid an invoice' },
] as const;

/** How far new organizations come, from signing up to paying. */
export function FunnelSteps({ funnel }: { readonly funnel: ProductFunnel }) {
  if (funnel.signedUp === 0)
    return (
      <Text size="sm" c="dimmed">
        Nobody signed up in this time.
      </Text>
    );
  return (
    <Stack gap="md">
      {steps.map(({ key, label }) => {
        const share = formatShare(funnel[key], funnel.signedUp);
        const words = key === 'signedUp' ? 'All organizations that are new' : `${share} of those who signed up`;
        return (
          <UsedBar
            key={key}
            label={label}
            valueText={`${formatQuantity(funnel[key])}, ${words}`}
            percent={(funnel[key] / funnel.signedUp) * 100}
            tone="positive"
            used={<b>{label}</b>}
            note={formatQuantity(funnel[key])}
            left={words}
          />
        );
      })}
    </Stack>
  );
}
