import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TextLink } from '../../components/links.js';
import { InvoiceLineView } from '../../invoices/invoice-line-view.js';
import { useOrganizationId } from '../../organization/organization-context.js';

const route = getRouteApi('/dashboard/billing/invoices/$invoiceId/lines/$position');

/** A line of one's own invoice, and every call that it bills. */
export function PayersInvoiceLinePage(): ReactNode {
  const { invoiceId, position } = route.useParams();
  const organizationId = useOrganizationId();
  return (
    <InvoiceLineView
      place={{ organizationId, invoiceId, position }}
      above={(number) => (
        <TextLink to="/dashboard/billing/invoices/$invoiceId" params={{ invoiceId }}>
          {number}
        </TextLink>
      )}
      requestLink={(requestId) => (
        <TextLink to="/dashboard/usage" search={{ request: requestId }} size="sm">
          {requestId}
        </TextLink>
      )}
    />
  );
}
