import { Button, Table } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { pauseQueue, resumeQueue } from '../../api/queues.js';
import type { OperatedQueue, QueueList } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useDeskAction } from '../../components/use-desk-action.js';
import { queueWords } from './queue-words.js';

const columns = [
  { label: 'Queue' },
  { label: 'State' },
  { label: 'Waiting', align: 'right' },
  { label: 'Under way', align: 'right' },
  { label: 'Failed', align: 'right' },
  { label: 'Oldest' },
  { label: 'Actions', align: 'right', silent: true },
] as const;

export function QueueTable({ queues }: { readonly queues: UseQueryResult<QueueList> }) {
  // The name stays while the dialog closes.
  const [pausing, setPausing] = useState({ queue: '', isAsked: false });
  const close = () => setPausing(({ queue }) => ({ queue, isAsked: false }));
  const pause = useDeskAction('operator', pauseQueue, close);
  const resume = useDeskAction('operator', resumeQueue, () => {});
  const backEnd = queues.data?.backEnd === 'redis' ? 'Redis' : 'Postgres';
  return (
    <Section title="All queues" description={queues.data && `They are in ${backEnd}.`} flush>
      {resume.isError && <ProblemAlert error={resume.error} />}
      <Loaded query={queues} skeleton={<TableSkeleton rows={5} />}>
        {(list) => (
          <DataTable caption="Queues" columns={columns} minWidth={760}>
            {list.queues.map((queue) => (
              <QueueRow
                key={queue.queue}
                queue={queue}
                isPending={resume.isPending}
                onPause={() => {
                  pause.reset();
                  setPausing({ queue: queue.queue, isAsked: true });
                }}
                onResume={() => resume.mutate(queue.queue)}
              />
            ))}
          </DataTable>
        )}
      </Loaded>
      <ConfirmDialog
        opened={pausing.isAsked}
        title={`Pause ${pausing.queue}`}
        action="Pause queue"
        isPending={pause.isPending}
        error={pause.error}
        onConfirm={() => pause.mutate(pausing.queue)}
        onClose={close}
      >
        Nobody takes its jobs until you resume it: {queueWords[pausing.queue] ?? 'its work'} waits, and nothing is lost.
        Jobs that are under way go on.
      </ConfirmDialog>
    </Section>
  );
}

interface QueueRowProps {
  readonly queue: OperatedQueue;
  readonly isPending: boolean;
  readonly onPause: () => void;
  readonly onResume: () => void;
}

function QueueRow({ queue: state, isPending, onPause, onResume }: QueueRowProps) {
  const { queue, isPaused, canPause, jobs, notHandedOver, oldestAt } = state;
  return (
    <Table.Tr>
      <Table.Td>{queue}</Table.Td>
      <Table.Td>
        <StatusBadge tone={isPaused ? 'warning' : jobs.retrying > 0 ? 'danger' : 'positive'}>
          {isPaused ? 'Paused' : jobs.retrying > 0 ? 'Failing' : 'Working'}
        </StatusBadge>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {jobs.waiting + notHandedOver}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {jobs.active}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {jobs.retrying}
      </Table.Td>
      <Table.Td>{oldestAt === null ? '—' : <DateTime at={oldestAt} format="relative" />}</Table.Td>
      <Table.Td ta="right">
        {isPaused ? (
          <Button size="xs" disabled={isPending} onClick={onResume} aria-label={`Resume ${queue}`}>
            Resume
          </Button>
        ) : (
          canPause && (
            <Button variant="default" size="xs" onClick={onPause} aria-label={`Pause ${queue}`}>
              Pause
            </Button>
          )
        )}
      </Table.Td>
    </Table.Tr>
  );
}
