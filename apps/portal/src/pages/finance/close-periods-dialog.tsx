import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { closePeriods } from '../../api/finance.js';
import { settingsQuery } from '../../api/settings.js';
import type { BillingPeriod } from '../../api/types.js';
import { serverClock } from '../../clock/server-clock.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { formatUnits } from '../../format/number.js';
import { utcInputValue, utcInstantOf } from '../../format/utc-input.js';
import { CloseOutcome } from './close-outcome.js';
import { dueBy } from './period-board.js';

interface ClosePeriodsDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly periods: readonly BillingPeriod[];
}

export function ClosePeriodsDialog({ opened, onClose, periods }: ClosePeriodsDialogProps) {
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: closePeriods,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={close.reset}
      title={close.data ? 'Periods closed' : 'Close periods'}
      size="lg"
    >
      {close.data ? (
        <CloseOutcome result={close.data} periods={periods} onDone={onClose} />
      ) : (
        <Stack>
          <CloseForm periods={periods} isPending={close.isPending} onSubmit={close.mutate} onCancel={onClose} />
          {close.isError && <ProblemAlert error={close.error} />}
        </Stack>
      )}
    </Dialog>
  );
}

interface CloseFormProps {
  readonly periods: readonly BillingPeriod[];
  readonly isPending: boolean;
  readonly onSubmit: (at: string | null) => void;
  readonly onCancel: () => void;
}

function CloseForm({ periods, isPending, onSubmit, onCancel }: CloseFormProps) {
  const { data: settings } = useQuery(settingsQuery);
  const [value, setValue] = useState(() => utcInputValue(serverClock.now()));
  const [isChanged, setChanged] = useState(false);
  const at = utcInstantOf(value);
  const due = at === null ? 0 : dueBy(periods, new Date(at));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at !== null) onSubmit(isChanged ? at : null);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Every period that has ended by this time is rated, closed and invoiced. A closed period cannot be opened
          again.
        </Text>
        <TextInput
          type="datetime-local"
          label="Ended by (UTC)"
          value={value}
          onChange={(event) => {
            setValue(event.currentTarget.value);
            setChanged(true);
          }}
          error={at === null ? 'Enter a date and a time.' : undefined}
          description={
            settings?.timeMachine
              ? 'The clock of this installation can be moved: an operator moves it past the end of a period first, or you enter a later time here to close as if it were then.'
              : 'Periods that end later stay open.'
          }
        />
        <Text size="sm" c="dimmed" role="status">
          {formatUnits(due, 'period')} ended by then.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={at === null}>
            Close periods
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
