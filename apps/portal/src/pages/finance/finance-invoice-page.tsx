import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { creditNoteHref } from '../../api/credit-notes.js';
import { financeInvoiceQuery } from '../../api/finance.js';
import { ProblemError } from '../../api/problem.js';
import type { Invoice } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { CreditNoteList } from '../../credit-notes/credit-note-list.js';
import { InvoiceDownloads } from '../../invoices/invoice-downloads.js';
import { InvoiceView } from '../../invoices/invoice-view.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import { CreditInvoice } from './credit-invoice.js';
import { Disputes } from './disputes.js';
import { DunningHistory } from './dunning-history.js';
import { HeldNotice } from './held-notice.js';
import { OrganizationBalance } from './organization-balance.js';
import { OrganizationLink } from './organization-link.js';
import { OrganizationCredits } from './organization-credits.js';
import { CallsLink } from './calls-link.js';
import { FoundRefunds } from './found-refunds.js';
import { RefundProposals } from './refund-proposals.js';
import { ReviewNotice } from './invoice-review.js';
import { RecordTransfer } from './record-transfer.js';
import type { MoneyPlaceChoice } from './use-money-place.js';
import { GiveUpInvoice, ReissueInvoice, VoidInvoice } from './withdraw-invoice.js';

const route = getRouteApi('/finance/invoices/$invoiceId');

export function FinanceInvoicePage(): ReactNode {
  const { invoiceId } = route.useParams();
  const invoice = useQuery({ ...financeInvoiceQuery(invoiceId), refetchInterval: 10_000 });
  if (invoice.error instanceof ProblemError && invoice.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <Loaded query={invoice} skeleton={<CardsSkeleton cards={1} height={480} />}>
        {(loaded) => (
          <InvoiceView
            invoice={loaded}
            above={<TextLink to="/finance">Finance</TextLink>}
            words={loaded.state === 'past_due' ? 'Something is owed. Dunning says what follows by itself.' : undefined}
            lineLink={(line) => <CallsLink invoiceId={loaded.id} line={line} />}
            actions={
              <>
                <RecordTransfer invoice={loaded} />
                <CreditInvoice invoice={loaded} />
                <InvoiceDownloads invoice={loaded} />
                <GiveUpInvoice invoice={loaded} />
                <VoidInvoice invoice={loaded} />
                <ReissueInvoice invoice={loaded} />
              </>
            }
            linkTo={({ id, number }) => (
              <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId: id }} size="sm">
                {number ?? 'Invoice in review'}
              </TextLink>
            )}
            notice={
              <>
                <ReviewNotice invoice={loaded} />
                <HeldNotice invoice={loaded} />
              </>
            }
            below={
              <>
                <Disputes invoiceId={loaded.id} />
                <DunningHistory invoice={loaded} />
                <CreditNoteList
                  creditNotes={loaded.creditNotes ?? []}
                  hrefOf={(creditNoteId, format) => creditNoteHref(loaded.id, creditNoteId, undefined, format)}
                />
                <FoundRefunds invoiceId={loaded.id} />
                <RefundProposals invoiceId={loaded.id} />
                <OrganizationBalance organization={loaded.organization} {...placeOf(loaded)} />
                <OrganizationCredits organization={loaded.organization} {...placeOf(loaded)} />
                <Section
                  title="Organization"
                  description={`Payment terms, tax, trials, the review window and all invoices of ${loaded.organization.name}.`}
                >
                  <OrganizationLink organization={loaded.organization} />
                </Section>
              </>
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

/** Money by hand is of the seller of the invoice that it is about, and in its currency. */
function placeOf({ seller, total }: Invoice): MoneyPlaceChoice {
  return { seller: seller.slug, currencies: [total.currency] };
}
