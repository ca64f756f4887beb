import { Alert, Group, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type LinePlace, lineFileHref, lineQuery, lineRequestsQuery } from '../api/invoices.js';
import { ProblemError } from '../api/problem.js';
import type { ExplainedLine, LineRequest } from '../api/types.js';
import { useMeters } from '../catalog/use-meters.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { DownloadButton } from '../components/download-button.js';
import { Loaded } from '../components/loaded.js';
import { PageHeader } from '../components/page-header.js';
import { Section } from '../components/section.js';
import { ShowMore } from '../components/show-more.js';
import { LinesSkeleton, TableSkeleton } from '../components/skeletons.js';
import { formatQuantity, formatUnits } from '../format/number.js';
import { NotFoundPage } from '../shell/not-found-page.js';
import { lineTitle } from './invoice-words.js';
import { RatedLines } from './rated-lines.js';

interface InvoiceLineViewProps {
  readonly place: LinePlace;
  /** The way back to the invoice, by its number once that is known. */
  readonly above: (number: string) => ReactNode;
  /** A call by its id, where more of it is shown elsewhere. */
  readonly requestLink?: (requestId: string) => ReactNode;
}

/** A line of an invoice and every call that it bills, as its payer and finance see them. */
export function InvoiceLineView({ place, above, requestLink }: InvoiceLineViewProps) {
  const line = useQuery(lineQuery(place));
  const meterOf = useMeters();
  if (line.error instanceof ProblemError && line.error.status === 404) return <NotFoundPage />;
  return (
    <>
      <PageHeader
        title={`Line ${place.position}`}
        above={above(line.data?.invoice.number ?? 'Invoice')}
        description={line.data && lineTitle(line.data.line, meterOf(line.data.line.meter ?? '')?.title)}
      />
      <Stack gap="lg">
        <Section title="How it is computed" description="All calls are added up anew, also those in the archive.">
          <Loaded query={line} skeleton={<LinesSkeleton lines={6} />}>
            {(explained) => (
              <>
                <RatedLines
                  caption="The line"
                  lines={[explained.line]}
                  totals={[{ label: 'Amount', amount: explained.line.amount.formatted }]}
                />
                <Verdict explained={explained} />
              </>
            )}
          </Loaded>
        </Section>
        <Calls place={place} requestLink={requestLink} />
      </Stack>
    </>
  );
}

const added: Readonly<Record<NonNullable<ExplainedLine['aggregation']>, string>> = {
  sum: 'added up',
  count: 'counted',
  max: 'the highest of them',
  last: 'the last of them',
  unique: 'each different value once',
};

function Verdict({
  explained: { aggregation, eventCount, units, line, agrees },
}: {
  readonly explained: ExplainedLine;
}) {
  if (aggregation === null || units === null) {
    return (
      <Text size="sm" c="dimmed" mt="md">
        This line is not of single calls.
      </Text>
    );
  }
  const calls = `${formatUnits(eventCount, 'call')}, ${added[aggregation]}, come to ${formatQuantity(units)}`;
  return agrees ? (
    <Alert color="green" icon={<IconCircleCheck size={20} />} mt="md">
      {calls}: the quantity of the line.
    </Alert>
  ) : (
    <Alert color="red" icon={<IconAlertTriangle size={20} />} title="The calls do not come to the line" mt="md">
      {calls}, and the line says {formatQuantity(line.quantity)}.
    </Alert>
  );
}

const columns = [
  { label: 'Admitted' },
  { label: 'Operation' },
  { label: 'Status' },
  { label: 'Key', isMinor: true },
  { label: 'Request id', isMinor: true },
  { label: 'Quantity', align: 'right' },
] as const;

interface CallsProps {
  readonly place: LinePlace;
  readonly requestLink: InvoiceLineViewProps['requestLink'] | undefined;
}

function Calls({ place, requestLink = (requestId) => requestId }: CallsProps) {
  const query = useInfiniteQuery(lineRequestsQuery(place));
  const shown = query.data?.pages.reduce((sum, { requests }) => sum + requests.length, 0);
  return (
    <Section
      title="Calls"
      description="Each call that this line bills, in the order of admission."
      actions={
        shown !== undefined && (
          <Group gap="sm">
            <Text size="sm" c="dimmed">{`${formatUnits(shown, 'call')} shown`}</Text>
            {shown > 0 && (
              <DownloadButton href={lineFileHref(place)} size="xs" label="Calls as CSV">
                CSV
              </DownloadButton>
            )}
          </Group>
        )
      }
      flush
    >
      <Loaded query={query} skeleton={<TableSkeleton rows={6} />}>
        {({ pages }) => <CallTable requests={pages.flatMap(({ requests }) => requests)} requestLink={requestLink} />}
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

interface CallTableProps {
  readonly requests: readonly LineRequest[];
  readonly requestLink: (requestId: string) => ReactNode;
}

function CallTable({ requests, requestLink }: CallTableProps) {
  return (
    <DataTable caption="Calls" columns={columns} minWidth={900}>
      {requests.map(({ requestId, admittedAt, operation, method, status, keyId, quantity }) => (
        <Table.Tr key={requestId}>
          <Table.Td>
            <DateTime at={admittedAt} />
          </Table.Td>
          <Table.Td>{operation ?? method ?? '–'}</Table.Td>
          <Table.Td className="tabular">{status ?? '–'}</Table.Td>
          <Table.Td className="mono">{keyId}</Table.Td>
          <Table.Td className="mono">{requestLink(requestId)}</Table.Td>
          <Table.Td ta="right" className="tabular">
            {formatQuantity(quantity)}
          </Table.Td>
        </Table.Tr>
      ))}
      {requests.length === 0 && (
        <Table.Tr>
          <Table.Td colSpan={columns.length}>No calls</Table.Td>
        </Table.Tr>
      )}
    </DataTable>
  );
}
