import { Button, Stack } from '@mantine/core';
import { useMutation, usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { boardQuery, financeInvoicesQuery, runVerify } from '../../api/finance.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { isSettled } from '../../components/query-state.js';
import { Page } from '../../shell/page.js';
import { Adjustments } from './adjustments.js';
import { ClosePeriodsDialog } from './close-periods-dialog.js';
import { CreditProposals } from './credit-proposals.js';
import { Disputes } from './disputes.js';
import { FoundRefunds } from './found-refunds.js';
import { RefundProposals } from './refund-proposals.js';
import { FinanceInvoices } from './finance-invoices.js';
import { invoiceFilterOf } from './invoice-filter.js';
import { LedgerProofs } from './ledger-proofs.js';
import { PastDueInvoices } from './past-due-invoices.js';
import { PeriodBoard } from './period-board-view.js';
import { Receivables } from './receivables.js';
import { VerifyResult } from './verify-result.js';

const route = getRouteApi('/finance');

export function FinancePage(): ReactNode {
  const search = route.useSearch();
  const periods = useQuery(boardQuery(search.month));
  usePrefetchInfiniteQuery(financeInvoicesQuery(invoiceFilterOf(search)));
  const verify = useMutation({ mutationFn: runVerify });
  const [closing, setClosing] = useState<'due' | 'held' | null>(null);
  return (
    <Page>
      <PageHeader
        title="Finance"
        description="Close the month, export it, and prove that every number agrees."
        actions={
          <>
            <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
              Run verify
            </Button>
            <Button onClick={() => setClosing('due')}>Close periods</Button>
          </>
        }
      />
      <Stack gap="lg">
        {verify.isError && <ProblemAlert error={verify.error} title="Verify could not run" />}
        {verify.data && <VerifyResult report={verify.data} />}
        <PeriodBoard onRelease={() => setClosing('held')} />
        {/* What stands above has no height until it is there. */}
        {isSettled(periods) && <Disputes />}
        {isSettled(periods) && <PastDueInvoices />}
        {isSettled(periods) && <Receivables />}
        {isSettled(periods) && <Adjustments />}
        {isSettled(periods) && <CreditProposals />}
        {isSettled(periods) && <FoundRefunds />}
        {isSettled(periods) && <RefundProposals />}
        {isSettled(periods) && <LedgerProofs />}
        {isSettled(periods) && <FinanceInvoices />}
      </Stack>
      <ClosePeriodsDialog closing={closing} onClose={() => setClosing(null)} />
    </Page>
  );
}
