import { Table } from '@mantine/core';
import type { Route } from '../api/types.js';
import { DataTable } from '../components/data-table.js';
import { Section, sectionInset } from '../components/section.js';
import { formatUnits } from '../format/number.js';
import { Shortened } from './shortened.js';

const columns = [
  { label: 'Method' },
  { label: 'Path' },
  { label: 'Operation id' },
  { label: 'Tags', isMinor: true },
] as const;

/** The operations of a version, in the order of its document. */
export function OperationTable({ routes }: { readonly routes: readonly Route[] }) {
  return (
    <Section title="Operations" description={formatUnits(routes.length, 'operation')} flush>
      <Shortened items={routes} most={25} noun="operations" className={sectionInset}>
        {(shown) => (
          <DataTable caption="Operations" columns={columns}>
            {shown.map(({ method, template, operation, tags }) => (
              <Table.Tr key={`${method} ${template}`}>
                <Table.Td>
                  <span className="mono">{method}</span>
                </Table.Td>
                <Table.Td>
                  <span className="mono">{template}</span>
                </Table.Td>
                {/* One without an id is called by its method and path. */}
                <Table.Td>
                  {operation === `${method} ${template}` ? '–' : <span className="mono">{operation}</span>}
                </Table.Td>
                <Table.Td>{tags.length === 0 ? '–' : tags.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Shortened>
    </Section>
  );
}
