import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queuesQuery } from '../../api/queues.js';
import { PageHeader } from '../../components/page-header.js';
import { isSettled } from '../../components/query-state.js';
import { Page } from '../../shell/page.js';
import { QueueTable } from './queue-table.js';
import { QueuedJobs } from './queued-jobs.js';
import { UndeliveredMails } from './undelivered-mails.js';

/** What waits for the workers, what fails again and again, and why. */
export function QueuesPage(): ReactNode {
  const queues = useQuery({ ...queuesQuery, refetchInterval: 3_000 });
  const [chosen, setChosen] = useState<string | null>(null);
  const all = queues.data?.queues ?? [];
  // Who comes without a choice comes for what fails.
  const shown = chosen ?? all.find(({ jobs }) => jobs.retrying > 0)?.queue ?? 'payments';
  return (
    <Page>
      <PageHeader
        title="Queues"
        description="Work that is decided on and handed to the workers. A job that fails is tried again by itself, ever more slowly; what is done or given up is not kept, but for mails."
      />
      <Stack gap="lg">
        <QueueTable queues={queues} />
        {isSettled(queues) && all.length > 0 && <QueuedJobs queues={all} queue={shown} onChoose={setChosen} />}
        {isSettled(queues) && <UndeliveredMails />}
      </Stack>
    </Page>
  );
}
