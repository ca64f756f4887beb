import { disputeMail, invoiceHeldMail, refundFailedMail, refundFoundMail, usageRefusedMail } from '#mail';
import type { PaymentAlarms } from '#services';

/** How staff is told of payments, with links into the portal. */
export function paymentAlarms(portalUrl: string): PaymentAlarms {
  const invoicePage = (invoiceId: string) => new URL(`/finance/invoices/${invoiceId}`, portalUrl).href;
  return {
    invoiceHeld: (notice) => invoiceHeldMail({ ...notice, url: invoicePage(notice.invoiceId) }),
    usageRefused: (usage) => usageRefusedMail({ usage, url: new URL('/finance', portalUrl).href }),
    dispute: (notice) => disputeMail({ ...notice, url: invoicePage(notice.invoiceId) }),
    refundFound: (notice) => refundFoundMail({ ...notice, url: invoicePage(notice.invoiceId) }),
    refundFailed: (notice) => refundFailedMail({ ...notice, url: invoicePage(notice.invoiceId) }),
  };
}
