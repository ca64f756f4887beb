import { Box, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { creditNoteHref } from '../../api/credit-notes.js';
import { creditsQuery } from '../../api/credits.js';
import { invoiceQuery } from '../../api/invoices.js';
import { ProblemError } from '../../api/problem.js';
import type { Invoice } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { CreditNoteList } from '../../credit-notes/credit-note-list.js';
import { PurchaseAlert } from '../../credits/credit-purchases.js';
import { InvoiceDownloads } from '../../invoices/invoice-downloads.js';
import { isOfCalls, isUnpaid } from '../../invoices/invoice-words.js';
import { InvoiceView } from '../../invoices/invoice-view.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization, useOrganizationId } from '../../organization/organization-context.js';
import { NotFoundPage } from '../../shell/not-found-page.js';

const route = getRouteApi('/dashboard/billing/invoices/$invoiceId');

export function InvoicePage(): ReactNode {
  const { invoiceId } = route.useParams();
  const invoice = useQuery({ ...invoiceQuery(useOrganizationId(), invoiceId), refetchInterval: 10_000 });
  if (invoice.error instanceof ProblemError && invoice.error.status === 404) return <NotFoundPage />;
  return (
    <Loaded query={invoice} skeleton={<CardsSkeleton cards={1} height={480} />}>
      {(loaded) => (
        <InvoiceView
          invoice={loaded}
          above={<TextLink to="/dashboard/billing">Billing</TextLink>}
          actions={<InvoiceActions invoice={loaded} />}
          notice={<PurchaseNotice invoice={loaded} />}
          lineLink={(line) =>
            isOfCalls(line) && (
              <TextLink
                to="/dashboard/billing/invoices/$invoiceId/lines/$position"
                params={{ invoiceId: loaded.id, position: String(line.position) }}
                size="xs"
                display="block"
              >
                Calls behind line {line.position}
              </TextLink>
            )
          }
          linkTo={({ id, number }) => (
            <TextLink to="/dashboard/billing/invoices/$invoiceId" params={{ invoiceId: id }} size="sm">
              {number ?? 'Another invoice'}
            </TextLink>
          )}
          below={
            <CreditNoteList
              creditNotes={loaded.creditNotes ?? []}
              hrefOf={(creditNoteId, format) => creditNoteHref(loaded.id, creditNoteId, loaded.organization.id, format)}
            />
          }
        />
      )}
    </Loaded>
  );
}

/** Where credits that are bought with it are to be paid; nothing for another invoice, or one that is paid. */
function PurchaseNotice({ invoice }: { readonly invoice: Invoice }) {
  const { organization, permissions } = useOrganization().current;
  const isPurchase = invoice.lines?.some(({ kind }) => kind === 'credit_purchase') ?? false;
  const credits = useQuery({ ...creditsQuery(organization.id), enabled: isPurchase && isUnpaid(invoice.state) });
  const purchase = credits.data?.purchases.find(({ invoiceId }) => invoiceId === invoice.id);
  if (!purchase || !isUnpaid(invoice.state)) return null;
  return (
    <Box mb="lg">
      <PurchaseAlert purchase={purchase} mayManage={mayManage(permissions).billing} hasPaid={false} />
    </Box>
  );
}

function InvoiceActions({ invoice }: { readonly invoice: Invoice }) {
  const organizationId = useOrganizationId();
  return (
    <>
      <InvoiceDownloads invoice={invoice} organizationId={organizationId} />
      {isUnpaid(invoice.state) && !invoice.isHeld && invoice.hostedUrl && (
        <Button component="a" href={invoice.hostedUrl} rel="noopener">
          Pay now
        </Button>
      )}
    </>
  );
}
