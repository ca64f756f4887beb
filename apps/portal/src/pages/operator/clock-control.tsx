import { Button, Group, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { moveClock } from '../../api/operator.js';
import { serverClock } from '../../clock/server-clock.js';
import { useNow } from '../../clock/use-now.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Section } from '../../components/section.js';
import { formatUtc } from '../../format/date.js';
import { laterBy, utcInputValue, utcInstantOf } from '../../format/utc-input.js';
import classes from './clock-control.module.css';

const steps = [
  { label: 'An hour later', amount: { hours: 1 } },
  { label: 'A day later', amount: { hours: 24 } },
  { label: 'A month later', amount: { months: 1 } },
] as const;

/** The clock of a sandbox installation: quotas, periods, invoices and simulated payments all go by it. */
export function ClockControl() {
  const now = useNow(1000);
  const [value, setValue] = useState('');
  const [target, setTarget] = useState<string | null>(null);
  const move = useMoveClock(() => {
    setTarget(null);
    setValue('');
  });
  const at = utcInstantOf(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at) setTarget(at);
  };
  return (
    <Section
      title="Clock"
      description="Time machine: everything here goes by this clock, so that a month can be seen in a minute."
    >
      <p className={classes.now}>{formatUtc(now)}</p>
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          type="datetime-local"
          label="Move to (UTC)"
          min={utcInputValue(now)}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          w={240}
        />
        <Button type="submit" disabled={!at}>
          Move clock
        </Button>
        <Group gap="xs">
          {steps.map(({ label, amount }) => (
            <Button key={label} variant="default" onClick={() => setTarget(laterBy(now, amount).toISOString())}>
              {label}
            </Button>
          ))}
        </Group>
      </form>
      <ConfirmDialog
        opened={target !== null}
        title="Move the clock?"
        action="Move clock"
        isPending={move.isPending}
        error={move.error}
        onConfirm={() => target && move.mutate(target)}
        onClose={() => setTarget(null)}
      >
        <Text size="sm">
          The clock goes to <strong>{target && formatUtc(new Date(target))}</strong>. It never goes back.
        </Text>
      </ConfirmDialog>
    </Section>
  );
}

function useMoveClock(onMoved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: moveClock,
    onSuccess: async ({ now }) => {
      serverClock.set(now);
      onMoved();
      notifications.show({ message: `It is now ${formatUtc(new Date(now))}.` });
      await queryClient.invalidateQueries();
    },
  });
}
