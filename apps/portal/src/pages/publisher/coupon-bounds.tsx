import { Group, NumberInput } from '@mantine/core';
import { DayField } from '../../components/day-field.js';

export interface CouponBoundsProps {
  /** Empty for any number. */
  readonly most: number | '';
  readonly onMost: (most: number | '') => void;
  /** A day; empty for no end. */
  readonly until: string;
  readonly onUntil: (until: string) => void;
}

/** How often and until when a coupon may be redeemed. */
export function CouponBounds({ most, onMost, until, onUntil }: CouponBoundsProps) {
  return (
    <Group grow align="flex-start">
      <NumberInput
        label="Organizations at most"
        placeholder="Any number"
        min={1}
        allowDecimal={false}
        value={most}
        onChange={(value) => onMost(typeof value === 'number' ? value : '')}
      />
      <DayField label="Not redeemed from (UTC)" value={until} onChange={onUntil} />
    </Group>
  );
}
