import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Closing, boardQuery, closePeriods } from '../../api/finance.js';
import { settingsQuery } from '../../api/settings.js';
import type { BoardState } from '../../api/types.js';
import { serverClock } from '../../clock/server-clock.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { formatUnits } from '../../format/number.js';
import { utcInputValue, utcInstantOf } from '../../format/utc-input.js';
import { CloseOutcome } from './close-outcome.js';

interface ClosePeriodsDialogProps {
  /** What is asked for: to close what is due, or also what is held; null for nothing. */
  readonly closing: 'due' | 'held' | null;
  readonly onClose: () => void;
}

export function ClosePeriodsDialog({ closing, onClose }: ClosePeriodsDialogProps) {
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: closePeriods,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  return (
    <Dialog
      opened={closing !== null}
      onClose={onClose}
      onExitTransitionEnd={close.reset}
      title={close.data ? 'Periods closed' : 'Close periods'}
      size="lg"
    >
      {close.data ? (
        <CloseOutcome result={close.data} onDone={onClose} />
      ) : (
        <Stack>
          <CloseForm
            isReleasing={closing === 'held'}
            isPending={close.isPending}
            onSubmit={close.mutate}
            onCancel={onClose}
          />
          {close.isError && <ProblemAlert error={close.error} />}
        </Stack>
      )}
    </Dialog>
  );
}

interface CloseFormProps {
  /** Held periods are released unless somebody says no. */
  readonly isReleasing: boolean;
  readonly isPending: boolean;
  readonly onSubmit: (closing: Closing) => void;
  readonly onCancel: () => void;
}

function CloseForm({ isReleasing, isPending, onSubmit, onCancel }: CloseFormProps) {
  const { data: settings } = useQuery(settingsQuery);
  const [value, setValue] = useState(() => utcInputValue(serverClock.now()));
  const [isChanged, setChanged] = useState(false);
  const at = utcInstantOf(value);
  const [releaseIncomplete, setRelease] = useState(isReleasing);
  const board = useQuery({ ...boardQuery(undefined, at ?? undefined), enabled: at !== null });
  const countAt = (state: BoardState) => board.data?.columns.find((column) => column.state === state)?.count ?? 0;
  const due = countAt('grace') + countAt('held');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at !== null) onSubmit({ at: isChanged ? at : null, releaseIncomplete });
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
          {board.data ? `${formatUnits(due, 'period')} ended by then.` : 'Counting …'}
        </Text>
        <Checkbox
          label="Also close what waits for a gateway"
          description="Usage that the gateway delivers afterwards is billed as late, with the next invoice."
          checked={releaseIncomplete}
          onChange={(event) => setRelease(event.currentTarget.checked)}
        />
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
