import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TextLink } from '../../components/links.js';
import { InvoiceLineView } from '../../invoices/invoice-line-view.js';
import { Page } from '../../shell/page.js';

const route = getRouteApi('/finance/invoices/$invoiceId/lines/$position');

/** A line of an invoice of any organization, and every call that it bills. */
export function InvoiceLinePage(): ReactNode {
  const { invoiceId, position } = route.useParams();
  return (
    <Page>
      <InvoiceLineView
        place={{ invoiceId, position }}
        above={(number) => (
          <TextLink to="/finance/invoices/$invoiceId" params={{ invoiceId }}>
            {number}
          </TextLink>
        )}
      />
    </Page>
  );
}
