import { Group } from '@mantine/core';
import { type ExportFormat, creditNotesExportHref, exportFormats, invoicesExportHref } from '../../../api/reports.js';
import { DownloadButton } from '../../../components/download-button.js';
import { Section } from '../../../components/section.js';
import { utcSpanOf } from '../../../format/utc-input.js';
import type { ReportsSearch } from '../../../router/search.js';
import classes from './reports-page.module.css';

const invoiceFiles: Readonly<Record<ExportFormat, string>> = {
  csv: 'Every line of every invoice, a row each.',
  xlsx: 'A workbook of invoices, their lines, and the credit notes of the same time.',
  ndjson: 'Whole invoices, one a line: lines down to the tiers, payments, credit notes.',
};

/** Files of the invoices that were issued in a span. */
export function InvoiceExports({ search }: { readonly search: ReportsSearch }) {
  const span = utcSpanOf(search);
  return (
    <Section title="Invoices and credit notes" description="Those that were issued in the span, streamed whole." flush>
      <ul className={classes.files}>
        {exportFormats.map(({ format, label }) => (
          <li key={format}>
            <span className={classes.words}>
              <span className={classes.title}>Invoices, {label}</span>
              <br />
              <span className={classes.quiet}>{invoiceFiles[format]}</span>
            </span>
            <DownloadButton size="xs" href={invoicesExportHref(format, span)} label={`Invoices as ${label}`}>
              {label}
            </DownloadButton>
          </li>
        ))}
        <li>
          <span className={classes.words}>
            <span className={classes.title}>Credit notes, CSV</span>
            <br />
            <span className={classes.quiet}>Every line of every credit note, a row each.</span>
          </span>
          <Group gap="xs">
            <DownloadButton size="xs" href={creditNotesExportHref(span)} label="Credit notes as CSV">
              CSV
            </DownloadButton>
          </Group>
        </li>
      </ul>
    </Section>
  );
}
