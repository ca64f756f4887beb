import { Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { dunningQuery } from '../../api/dunning.js';
import type { Dunning } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { TextLink } from '../../components/links.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { StatusBadge } from '../../components/status-badge.js';
import { nextStepWords } from '../../dunning/dunning-words.js';
import { PauseDunning } from './pause-dunning.js';

const columns = [
  { label: 'Invoice' },
  { label: 'Organization' },
  { label: 'Due', align: 'right' },
  { label: 'Failed', isMinor: true },
  { label: 'Access' },
  { label: 'Next' },
  { label: 'Pause', align: 'right', silent: true },
] as const;

/** Invoices that are past due, with what follows by itself; nothing where there are none. */
export function PastDueInvoices() {
  const query = useInfiniteQuery({ ...dunningQuery, refetchInterval: whileOnFirstPage(10_000) });
  const listed = (query.data?.pages ?? []).flatMap(({ dunning }) => dunning);
  if (listed.length === 0) return null;
  return (
    <Section title="Past due" description="What follows by itself until it is paid." flush>
      <DataTable caption="Past due" columns={columns} minWidth={960}>
        {listed.map((dunning) => (
          <DunningRow key={dunning.invoiceId} dunning={dunning} />
        ))}
      </DataTable>
      <ShowMore query={query} />
    </Section>
  );
}

function DunningRow({ dunning }: { readonly dunning: Dunning }) {
  const { invoiceId, number, organization, due, attempts, failureMessage, paymentMethod } = dunning;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId }} fw={500} size="sm">
          {number ?? 'Invoice'}
        </TextLink>
      </Table.Td>
      <Table.Td>{organization.name}</Table.Td>
      <Table.Td ta="right" className="tabular" fw={500}>
        {due.formatted}
      </Table.Td>
      <Table.Td>
        {paymentMethod === 'transfer' ? 'By transfer' : `Attempt ${attempts}`}
        {failureMessage !== null && (
          <Text size="sm" c="dimmed">
            {failureMessage}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <div>
          <Access dunning={dunning} />
        </div>
      </Table.Td>
      <Table.Td>
        <div>
          <NextStep dunning={dunning} />
        </div>
      </Table.Td>
      <Table.Td ta="right">
        <Group justify="flex-end">
          <PauseDunning organization={organization} isPaused={dunning.pausedUntil !== null} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Access({ dunning: { isSuspended, accessEndsAt, state } }: { readonly dunning: Dunning }) {
  if (isSuspended) return <StatusBadge tone="danger">Suspended</StatusBadge>;
  if (state === 'uncollectible') return <StatusBadge tone="neutral">Given up</StatusBadge>;
  return (
    <>
      <StatusBadge tone="warning">In grace</StatusBadge>
      {accessEndsAt !== null && (
        <Text size="sm" c="dimmed">
          until <DateTime at={accessEndsAt} />
        </Text>
      )}
    </>
  );
}

function NextStep({ dunning: { nextStep, isDisputed, pausedUntil, pauseReason } }: { readonly dunning: Dunning }) {
  if (isDisputed)
    return (
      <>
        <StatusBadge tone="warning">Disputed</StatusBadge>
        <Text size="sm" c="dimmed">
          rests until the bank has decided
        </Text>
      </>
    );
  if (pausedUntil !== null)
    return (
      <>
        <StatusBadge tone="info">Paused</StatusBadge>
        <Text size="sm" c="dimmed">
          until <DateTime at={pausedUntil} />: {pauseReason}
        </Text>
      </>
    );
  if (nextStep === null) return <Text size="sm">Nothing by itself</Text>;
  return (
    <>
      {nextStepWords[nextStep.kind]}
      <Text size="sm" c="dimmed">
        <DateTime at={nextStep.at} />
      </Text>
    </>
  );
}
