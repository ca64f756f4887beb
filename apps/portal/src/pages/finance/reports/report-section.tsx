import { Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconReportAnalytics } from '@tabler/icons-react';
import { exportFormats, reportHref, reportQuery } from '../../../api/reports.js';
import type { ReportName } from '../../../api/types.js';
import { DataTable } from '../../../components/data-table.js';
import { DownloadButton } from '../../../components/download-button.js';
import { EmptyState } from '../../../components/empty-state.js';
import { Loaded } from '../../../components/loaded.js';
import { Section } from '../../../components/section.js';
import { TableSkeleton } from '../../../components/skeletons.js';
import type { ReportsSearch } from '../../../router/search.js';
import { reportSpanOf } from './report-span.js';
import { reportViews, rowsOf } from './report-views.js';
import classes from './reports-page.module.css';

interface ReportSectionProps {
  readonly report: ReportName;
  readonly search: ReportsSearch;
}

/** The first rows of a report, and all of it as files. */
export function ReportSection({ report, search }: ReportSectionProps) {
  const span = reportSpanOf(report, search);
  const view = reportViews[report];
  const found = useQuery(reportQuery(report, span));
  return (
    <Section
      title={view.label}
      description={view.description}
      flush
      actions={
        <Group gap="xs">
          {exportFormats.map(({ format, label }) => (
            <DownloadButton
              key={format}
              size="xs"
              href={reportHref(report, format, span)}
              label={`${view.label} as ${label}`}
            >
              {label}
            </DownloadButton>
          ))}
        </Group>
      }
    >
      <Loaded query={found} skeleton={<TableSkeleton rows={5} />}>
        {(loaded) => {
          const rows = rowsOf(loaded);
          if (rows.length === 0)
            return (
              <EmptyState icon={IconReportAnalytics} title="Nothing to report">
                {view.none}
              </EmptyState>
            );
          return (
            <>
              <DataTable caption={view.label} columns={view.columns} minWidth={820}>
                {rows.map((row, index) => (
                  <Table.Tr key={index}>
                    {view.columns.map(({ label, align, text }) => (
                      <Table.Td key={label} ta={align} className={align && 'tabular'}>
                        {text(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </DataTable>
              {loaded.hasMore && (
                <Text size="sm" c="dimmed" className={classes.note}>
                  These are the first {rows.length} rows; the files have all of them, with more columns.
                </Text>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
