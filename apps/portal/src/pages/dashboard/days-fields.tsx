import { Group } from '@mantine/core';
import { useState } from 'react';
import { DayField } from '../../components/day-field.js';
import { type Days, daysFault } from '../../usage/usage-span.js';

interface DaysFieldsProps extends Days {
  /** Only with days that usage can be shown of. */
  readonly onChange: (days: Days) => void;
}

/** Asks for the first and the last day, in UTC. What is half typed changes nothing yet. */
export function DaysFields({ onChange, ...shown }: DaysFieldsProps) {
  const [typed, setTyped] = useState<Days>(shown);
  const type = (part: Partial<Days>) => {
    const days = { ...typed, ...part };
    setTyped(days);
    if (daysFault(days) === null) onChange(days);
  };
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap" role="group" aria-label="Days in UTC">
      <DayField label="From (UTC)" value={typed.from} onChange={(from) => type({ from })} />
      <DayField
        label="To (UTC)"
        value={typed.to}
        onChange={(to) => type({ to })}
        error={daysFault(typed) ?? undefined}
      />
    </Group>
  );
}

/** The seven days that end today. */
export function lastWeek(now: Date): Days {
  const dayOf = (at: Date) => at.toISOString().slice(0, 10);
  return { from: dayOf(new Date(now.getTime() - 6 * 86_400_000)), to: dayOf(now) };
}
