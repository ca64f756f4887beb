import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { invoiceFileHref, invoiceFormats } from '../api/invoices.js';
import type { Invoice } from '../api/types.js';

interface InvoiceDownloadsProps {
  readonly invoice: Invoice;
  /** Whose page it is; absent on those of finance. */
  readonly organizationId?: string;
}

/** The files of an invoice: the PDF at hand, the others in a menu. */
export function InvoiceDownloads({ invoice, organizationId }: InvoiceDownloadsProps) {
  const [pdf, ...others] = invoiceFormats;
  return (
    <>
      <Button
        component="a"
        href={invoiceFileHref(invoice.id, pdf.format, organizationId)}
        download
        variant="default"
        leftSection={<IconDownload size={16} />}
      >
        Download {pdf.label}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} />}>
            Other formats
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {others.map(({ format, label }) => (
            <Menu.Item
              key={format}
              component="a"
              href={invoiceFileHref(invoice.id, format, organizationId)}
              download
              leftSection={<IconDownload size={16} />}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
