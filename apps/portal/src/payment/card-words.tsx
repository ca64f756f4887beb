import { Group, Text } from '@mantine/core';
import { IconCreditCard } from '@tabler/icons-react';
import type { PaymentMethod } from '../api/types.js';
import { brandName, expiryWords } from './card.js';

interface CardWordsProps {
  readonly card: NonNullable<PaymentMethod>;
}

/** A saved card, as much of it as is known here. */
export function CardWords({ card }: CardWordsProps) {
  return (
    <Group gap="sm" wrap="nowrap">
      <IconCreditCard size={22} stroke={1.6} aria-hidden />
      <div>
        <Text size="sm" fw={500} className="tabular">
          {brandName(card.brand)} ending in {card.last4}
        </Text>
        <Text size="sm" c="dimmed" className="tabular">
          Expires {expiryWords(card)}
        </Text>
      </div>
    </Group>
  );
}
