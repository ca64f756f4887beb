import { Select, Stack, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ReportName } from '../../../api/types.js';
import { PageHeader } from '../../../components/page-header.js';
import { Section } from '../../../components/section.js';
import type { ReportsSearch } from '../../../router/search.js';
import { Page } from '../../../shell/page.js';
import { ChartOfAccounts } from './chart-of-accounts.js';
import { InvoiceExports } from './invoice-exports.js';
import { ReportSection } from './report-section.js';
import { reportNames, reportViews } from './report-views.js';
import classes from './reports-page.module.css';

const route = getRouteApi('/finance/reports');
const choices = reportNames.map((value) => ({ value, label: reportViews[value].label }));

export function ReportsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { report = 'mrr', from = '', to = '' } = search;
  const change = (changes: ReportsSearch) => {
    const next = { ...search, ...changes };
    void navigate({
      to: '/finance/reports',
      replace: true,
      resetScroll: false,
      search: {
        ...(next.report && { report: next.report }),
        ...(next.from && { from: next.from }),
        ...(next.to && { to: next.to }),
      },
    });
  };
  return (
    <Page>
      <PageHeader
        title="Reports and exports"
        description="What was earned and what is owed, on the page and as files for your own books. Days are in UTC."
      />
      <Stack gap="lg">
        <Section title="Span">
          <div className={classes.filters}>
            <Select
              label="Report"
              data={choices}
              value={report}
              allowDeselect={false}
              onChange={(value) => change({ report: value as ReportName })}
            />
            {report !== 'mrr' && (
              <TextInput
                type="date"
                label="From (UTC)"
                value={from}
                onChange={(event) => change({ from: event.currentTarget.value })}
              />
            )}
            <TextInput
              type="date"
              label={report === 'mrr' ? 'At the end of (UTC)' : 'To (UTC)'}
              value={to}
              onChange={(event) => change({ to: event.currentTarget.value })}
            />
          </div>
        </Section>
        <ReportSection report={report} search={search} />
        <InvoiceExports search={search} />
        <ChartOfAccounts />
      </Stack>
    </Page>
  );
}
