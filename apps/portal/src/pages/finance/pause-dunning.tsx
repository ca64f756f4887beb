import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { dunningPauseQuery, pauseDunning, resumeDunning } from '../../api/dunning.js';
import type { Dunning } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { utcInstantOf } from '../../format/utc-input.js';
import { ReasonField } from '../../components/reason-field.js';
import { useFinanceAction } from './use-finance-action.js';

interface PauseDunningProps {
  readonly organization: Dunning['organization'];
  readonly isPaused: boolean;
}

/** Lets dunning of an organization rest until a day, or go on again. */
export function PauseDunning({ organization, isPaused }: PauseDunningProps) {
  const [isOpen, dialog] = useDisclosure(false);
  const pause = useQuery({ ...dunningPauseQuery(organization.id), enabled: isOpen });
  const resume = useFinanceAction(() => resumeDunning(organization.id), dialog.close);
  if (isPaused)
    return (
      <Button variant="default" size="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
        Go on
      </Button>
    );
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        Pause
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Pause dunning of ${organization.name}`}>
        <Loaded query={pause} skeleton={<LinesSkeleton lines={4} />}>
          {({ etag }) => <PauseForm organizationId={organization.id} etag={etag} onDone={dialog.close} />}
        </Loaded>
      </Dialog>
    </>
  );
}

interface PauseFormProps {
  readonly organizationId: string;
  readonly etag: string;
  readonly onDone: () => void;
}

function PauseForm({ organizationId, etag, onDone }: PauseFormProps) {
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(etag);
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');
  const until = utcInstantOf(day);
  const pause = useFinanceAction(
    (instant: string) => pauseDunning(organizationId, { until: instant, reason }, seen),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (until !== null) pause.mutate(until);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          Until then no card is charged by schedule, no mail is sent and no call is refused. What was suspended for
          payment passes again.
        </Text>
        <TextInput
          label="Until (UTC)"
          description="The beginning of that day."
          type="date"
          required
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <ReasonField description="For the audit log." value={reason} onChange={setReason} />
        {pause.isError && <ProblemAlert error={pause.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={pause.isPending} disabled={until === null || reason.trim() === ''}>
            Pause
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
