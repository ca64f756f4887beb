import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Invoice } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { Facts } from '../components/facts.js';
import { PageHeader } from '../components/page-header.js';
import { Section } from '../components/section.js';
import { StatusBadge } from '../components/status-badge.js';
import { formatPeriod, formatUtc } from '../format/date.js';
import { placeCode, printedAddress } from '../tax/tax-words.js';
import { invoiceTitle, isUnpaid, stateOf, stateWords } from './invoice-words.js';
import { PaymentList } from './payment-list.js';
import { RatedLines } from './rated-lines.js';
import { TransferInstructions } from './transfer-instructions.js';

interface InvoiceViewProps {
  readonly invoice: Invoice;
  readonly above: ReactNode;
  readonly actions?: ReactNode;
  /** What its state means; default: for its payer. */
  readonly words?: string | undefined;
  /** Before and after all that the invoice says. */
  readonly notice?: ReactNode;
  readonly below?: ReactNode;
  /** A link that goes with a line. */
  readonly lineLink?: (line: NonNullable<Invoice['lines']>[number]) => ReactNode;
  /** A link to another invoice. */
  readonly linkTo: (invoice: NonNullable<Invoice['replaces']>) => ReactNode;
}

/** What of the total came from where, and what is left; nothing while none of it has come, and of what is void. */
function settledBy({ state, balanceApplied, credited, paid, due }: Invoice) {
  const parts = [
    { label: 'From the balance', amount: balanceApplied },
    { label: 'Credit notes', amount: credited },
    { label: state === 'paid' ? 'Paid' : 'Paid so far', amount: paid },
  ].filter(({ amount }) => amount.amountMinor !== '0');
  if (parts.length === 0 || state === 'void') return [];
  return [
    ...parts.map(({ label, amount }) => ({ label, amount: `-${amount.formatted}` })),
    { label: 'Amount due', amount: due.formatted, testId: 'invoice-due' },
  ];
}

/** What is collected with it of earlier invoices, and what is asked for then; nothing where there is none. */
function carriedInto({ carriedIn, carriedInvoices = [], asked }: Invoice) {
  if (carriedInvoices.length === 0 || carriedIn.amountMinor === '0') return [];
  return [
    ...carriedInvoices.map(({ number, amount }) => ({ label: `Carried from ${number}`, amount: amount.formatted })),
    { label: 'Collected together', amount: asked.formatted, testId: 'invoice-asked' },
  ];
}

/** An invoice of before taxes has no rows of them. */
function taxesOf({ taxes, tax }: Invoice) {
  if (!taxes || taxes.length === 0) return [{ label: 'Tax', amount: tax.formatted }];
  return taxes.map(({ label, amount }) => ({ label, amount: amount.formatted }));
}

function billedTo({ buyer, organization }: Invoice): string {
  if (!buyer) return organization.name;
  const numbers = buyer.taxIds.map(({ value }) => value);
  return [buyer.name, ...printedAddress(buyer), placeCode(buyer.country, buyer.region), ...numbers]
    .filter(Boolean)
    .join(' · ');
}

/** What the law wants to be said of the tax, and why it is what it is. */
function TaxNote({ invoice: { taxTreatment } }: Pick<InvoiceViewProps, 'invoice'>) {
  if (!taxTreatment) return null;
  return (
    <Stack gap={2} mt="sm">
      {taxTreatment.note && <Text size="sm">{taxTreatment.note}</Text>}
      <Text size="xs" c="dimmed">
        {taxTreatment.explanation}
      </Text>
    </Stack>
  );
}

/** The provider's own page and document of it. */
function ProviderLinks({ invoice: { hostedUrl, hostedPdfUrl } }: Pick<InvoiceViewProps, 'invoice'>) {
  return (
    <Group gap="sm" component="span">
      {hostedUrl && (
        <Anchor href={hostedUrl} rel="noopener" target="_blank" size="sm">
          Its page
        </Anchor>
      )}
      {hostedPdfUrl && (
        <Anchor href={hostedPdfUrl} rel="noopener" target="_blank" size="sm">
          Its PDF
        </Anchor>
      )}
    </Group>
  );
}

/** An invoice as its payer and finance see it, down to the tiers. */
export function InvoiceView({ invoice, above, actions, words, notice, below, lineLink, linkTo }: InvoiceViewProps) {
  const state = stateOf(invoice);
  const lines = invoice.lines ?? [];
  const start = new Date(invoice.periodStart);
  const end = new Date(invoice.periodEnd);
  return (
    <>
      <PageHeader
        title={invoiceTitle(invoice)}
        above={above}
        badge={<StatusBadge tone={state.tone}>{state.label}</StatusBadge>}
        description={words ?? stateWords(invoice)}
        actions={actions}
      />
      {notice}
      <Stack gap="lg">
        {invoice.failureMessage && !invoice.isHeld && isUnpaid(invoice.state) && (
          <Alert color="red" title="The last payment failed">
            <Text size="sm">{invoice.failureMessage}</Text>
          </Alert>
        )}
        <TransferInstructions invoice={invoice} />
        {invoice.voidReason && (
          <Alert color="gray" title="This invoice was withdrawn">
            <Text size="sm">{invoice.voidReason}</Text>
          </Alert>
        )}
        <Section title="Details">
          <Facts
            entries={[
              { label: 'Billed to', value: billedTo(invoice) },
              {
                label: 'Seller',
                value: [invoice.seller.name, invoice.seller.country, invoice.seller.taxId].filter(Boolean).join(' · '),
              },
              ...(invoice.buyer?.purchaseOrderNumber
                ? [{ label: 'Purchase order', value: invoice.buyer.purchaseOrderNumber }]
                : []),
              { label: 'Product', value: invoice.product.title },
              {
                label: 'Period (UTC)',
                value: <span title={`${formatUtc(start)} to ${formatUtc(end)}`}>{formatPeriod(start, end)}</span>,
              },
              { label: 'Issued', value: invoice.issuedAt ? <DateTime at={invoice.issuedAt} /> : 'Not yet' },
              ...(invoice.dueAt && invoice.paymentMethod === 'transfer'
                ? [{ label: 'Due', value: <DateTime at={invoice.dueAt} /> }]
                : []),
              { label: 'Paid', value: invoice.paidAt ? <DateTime at={invoice.paidAt} /> : 'Not yet' },
              ...(invoice.replaces ? [{ label: 'In the place of', value: linkTo(invoice.replaces) }] : []),
              ...(invoice.replacedBy ? [{ label: 'Replaced by', value: linkTo(invoice.replacedBy) }] : []),
              ...(invoice.collectedWith ? [{ label: 'Collected with', value: linkTo(invoice.collectedWith) }] : []),
              ...(invoice.hostedUrl === null
                ? []
                : [{ label: 'At the payment provider', value: <ProviderLinks invoice={invoice} /> }]),
              { label: 'Invoice id', value: <span className="mono">{invoice.id}</span> },
            ]}
          />
        </Section>
        <Section title="Lines" description="Each is computed exactly and rounded once.">
          <RatedLines
            caption="Lines of the invoice"
            lines={lines}
            {...(lineLink && { linkOf: (_line, index) => lineLink(lines[index]!) })}
            totals={[
              { label: 'Subtotal', amount: invoice.subtotal.formatted },
              ...taxesOf(invoice),
              { label: 'Total', amount: invoice.total.formatted, testId: 'invoice-total' },
              ...settledBy(invoice),
              ...carriedInto(invoice),
            ]}
          />
          <TaxNote invoice={invoice} />
        </Section>
        {invoice.payments && invoice.payments.length > 0 && <PaymentList payments={invoice.payments} />}
        {below}
      </Stack>
    </>
  );
}
