import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { dunningOfInvoiceQuery } from '../../api/dunning.js';
import type { Invoice } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { Section } from '../../components/section.js';
import { dunningStepWords, nextStepWords } from '../../dunning/dunning-words.js';
import { PauseDunning } from './pause-dunning.js';

const columns = [
  { label: 'When' },
  { label: 'What' },
  { label: 'Attempt', align: 'right' },
  { label: 'Note' },
] as const;

/** What dunning of an invoice has done, and what comes next; nothing for one that never was past due. */
export function DunningHistory({ invoice }: { readonly invoice: Invoice }) {
  const { data } = useQuery({ ...dunningOfInvoiceQuery(invoice.id), refetchInterval: 10_000 });
  if (!data || data.history.length === 0) return null;
  const { nextStep, pausedUntil, organization, history, state } = data;
  return (
    <Section
      title="Dunning"
      description={
        nextStep === null ? (
          'Nothing follows by itself.'
        ) : (
          <>
            Next: {nextStepWords[nextStep.kind].toLowerCase()} on <DateTime at={nextStep.at} />
          </>
        )
      }
      actions={state === 'past_due' && <PauseDunning organization={organization} isPaused={pausedUntil !== null} />}
      flush
    >
      <DataTable caption="History of dunning" columns={columns}>
        {history.map(({ kind, at, attempt, note }) => (
          <Table.Tr key={`${kind}-${at}-${attempt}`}>
            <Table.Td>
              <DateTime at={at} />
            </Table.Td>
            <Table.Td>{dunningStepWords[kind]}</Table.Td>
            <Table.Td ta="right">{attempt ?? '–'}</Table.Td>
            <Table.Td>{note ?? '–'}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}
