import { Table } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ledgerProofsQuery } from '../../api/finance.js';
import type { LedgerProof } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { ShowMore } from '../../components/show-more.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatDay } from '../../format/date.js';
import { formatQuantity } from '../../format/number.js';
import { proofWords } from './proof-words.js';

const columns = [
  { label: 'Day (UTC)' },
  { label: 'Result' },
  { label: 'Proven as' },
  { label: 'Compared', align: 'right' },
  { label: 'Finished' },
] as const;

/** What came of the nightly proofs. */
export function LedgerProofs() {
  const proofs = useInfiniteQuery({ ...ledgerProofsQuery, refetchInterval: 60_000 });
  return (
    <Section
      title="Nightly proofs"
      description="Every night the day that has ended is proven from gateway to invoice, and an earlier day again."
      flush
    >
      <Loaded query={proofs} skeleton={<TableSkeleton rows={2} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconScale} title="No day has been proven yet">
              The worker proves each day an hour after it has ended. “Run verify” proves everything now.
            </EmptyState>
          ) : (
            <DataTable caption="Nightly proofs" columns={columns}>
              {list.map((proof) => (
                <Proof key={`${proof.day}-${proof.startedAt}`} proof={proof} />
              ))}
            </DataTable>
          )
        }
      </Loaded>
      <ShowMore query={proofs} />
    </Section>
  );
}

function Proof({ proof }: { readonly proof: LedgerProof }) {
  const { tone, label, compared, firstDifference } = proofWords(proof);
  return (
    <Table.Tr>
      <Table.Td className="tabular">{formatDay(proof.day)}</Table.Td>
      <Table.Td>
        <StatusBadge tone={tone}>{label}</StatusBadge>
        {firstDifference !== null && (
          <div className="mono" style={{ overflowWrap: 'anywhere', marginTop: 4 }}>
            {firstDifference}
          </div>
        )}
      </Table.Td>
      <Table.Td>{proof.kind === 'daily' ? 'Day that ended' : 'Sample'}</Table.Td>
      <Table.Td ta="right" className="tabular">
        {compared === null ? '–' : formatQuantity(compared)}
      </Table.Td>
      <Table.Td>{proof.endedAt === null ? '–' : <DateTime at={proof.endedAt} />}</Table.Td>
    </Table.Tr>
  );
}
