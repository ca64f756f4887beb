import { Button, Group, NativeSelect, SegmentedControl, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconChecklist } from '@tabler/icons-react';
import { useState } from 'react';
import { queuedJobsQuery, retryJob, retryJobs } from '../../api/queues.js';
import type { JobState, OperatedQueue, QueuedJob } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section, sectionInset } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useDeskAction } from '../../components/use-desk-action.js';
import { queueWords } from './queue-words.js';

const columns = [
  { label: 'Since' },
  { label: 'Job' },
  { label: 'Tries', align: 'right' },
  { label: 'Why it failed' },
  { label: 'Try again', align: 'right', silent: true },
] as const;

const choices: readonly { readonly value: JobState; readonly label: string }[] = [
  { value: 'retrying', label: 'Failed' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'active', label: 'Under way' },
];

const nothing: Readonly<Record<JobState, { readonly title: string; readonly words: string }>> = {
  retrying: { title: 'No job fails', words: 'A job that failed stands here until its next try.' },
  waiting: { title: 'No job waits', words: 'The workers take jobs as they come.' },
  active: { title: 'No job is under way', words: 'Most are done within a moment.' },
};

interface QueuedJobsProps {
  readonly queues: readonly OperatedQueue[];
  readonly queue: string;
  readonly onChoose: (queue: string) => void;
}

/** The jobs of one queue, and a button to try those again that failed. */
export function QueuedJobs({ queues, queue, onChoose }: QueuedJobsProps) {
  const [state, setState] = useState<JobState>('retrying');
  const jobs = useQuery({
    ...queuedJobsQuery(queue, state),
    placeholderData: keepPreviousData,
    refetchInterval: 3_000,
  });
  const retry = useDeskAction(
    'operator',
    (jobId: string) => retryJob(queue, jobId),
    () => {},
  );
  const retryAll = useDeskAction(
    'operator',
    () => retryJobs(queue),
    () => {},
  );
  const failing = queues.find((one) => one.queue === queue)?.jobs.retrying ?? 0;
  const error = retry.error ?? retryAll.error;
  return (
    <Section
      title="Jobs"
      description={`${sentence(queueWords[queue] ?? queue)}. What is not done is handed over again, so no job can be removed here.`}
      actions={
        failing > 0 && (
          <Button variant="default" loading={retryAll.isPending} onClick={() => retryAll.mutate()}>
            Try all again now
          </Button>
        )
      }
      flush
    >
      <Group className={sectionInset} pb="md" gap="sm">
        <NativeSelect
          aria-label="Queue"
          data={queues.map((one) => one.queue)}
          value={queue}
          onChange={(event) => onChoose(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          data={[...choices]}
          value={state}
          onChange={(value) => setState(choices.find((one) => one.value === value)?.value ?? 'retrying')}
          aria-label="Which jobs"
        />
      </Group>
      {error !== null && <ProblemAlert error={error} />}
      <Loaded query={jobs} skeleton={<TableSkeleton rows={3} />}>
        {(found) =>
          found.jobs.length === 0 ? (
            <EmptyState icon={IconChecklist} title={nothing[state].title}>
              {nothing[state].words}
            </EmptyState>
          ) : (
            <DataTable caption="Jobs" columns={columns}>
              {found.jobs.map((job) => (
                <JobRow
                  key={job.id}
                  job={job}
                  isFailed={state === 'retrying'}
                  isPending={retry.isPending}
                  onRetry={() => retry.mutate(job.id)}
                />
              ))}
            </DataTable>
          )
        }
      </Loaded>
    </Section>
  );
}

interface JobRowProps {
  readonly job: QueuedJob;
  readonly isFailed: boolean;
  readonly isPending: boolean;
  readonly onRetry: () => void;
}

function JobRow({ job, isFailed, isPending, onRetry }: JobRowProps) {
  const { id, name, addedAt, attempts, maxAttempts, error, payload } = job;
  const facts = Object.entries(payload).map(([key, value]) => `${key} ${value}`);
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <DateTime at={addedAt} />
      </Table.Td>
      <Table.Td>
        <div>
          {name}
          <Text size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }}>
            {facts.length > 0 ? facts.join(', ') : id}
          </Text>
        </div>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {maxAttempts === null ? attempts : `${attempts} of ${maxAttempts}`}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{error ?? '—'}</Table.Td>
      <Table.Td ta="right">
        {isFailed && (
          <Button variant="default" size="xs" disabled={isPending} onClick={onRetry} aria-label={`Try again: ${id}`}>
            Try again
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
