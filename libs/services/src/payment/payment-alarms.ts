import { type Transaction, listStaffAddresses } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';

/** What finance and operators are told of a dispute. */
export interface DisputeNotice {
  readonly what: 'opened' | 'won' | 'lost' | 'closed';
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  readonly invoiceId: string;
  /** Formatted for reading. */
  readonly amount: string;
  /** In the words of the provider. */
  readonly reason: string;
  readonly isInquiry: boolean;
  readonly evidenceDueAt: Date | null;
  readonly providerUrl: string;
}

/** What finance and operators are told of a refund. */
export interface RefundNotice {
  readonly organization: string;
  /** The number of the invoice, or of each that it is of. */
  readonly invoice: string;
  /** Of the first. */
  readonly invoiceId: string;
  /** Formatted for reading. */
  readonly amount: string;
  readonly providerRefundId: string | null;
}

/** What finance and operators are told of an invoice that the provider has differently. */
export interface HeldInvoiceNotice {
  readonly organization: string;
  /** The number of the invoice. */
  readonly invoice: string;
  readonly invoiceId: string;
  /** Formatted for reading. */
  readonly amount: string;
  /** The differences, or what stands in the way. */
  readonly reason: string;
}

/** What finance and operators are told of usage that the provider took and cannot count. */
export interface RefusedUsageNotice {
  readonly organization: string;
  readonly meter: string;
  readonly hourAt: Date;
  readonly quantity: string;
  /** In the words of the provider. */
  readonly reason: string;
}

type AlarmMail = Omit<WrittenMail, 'to'>;

/** How alarms about payments are worded. */
export interface PaymentAlarms {
  /** Nothing is charged until somebody has the invoice built anew at the provider. */
  readonly invoiceHeld: (notice: HeldInvoiceNotice) => AlarmMail;
  /** At least one. */
  readonly usageRefused: (usage: readonly RefusedUsageNotice[]) => AlarmMail;
  readonly dispute: (notice: DisputeNotice) => AlarmMail;
  /** Somebody made it in the provider's own pages. */
  readonly refundFound: (notice: RefundNotice) => AlarmMail;
  /** It did not reach the card, and is in the balance. */
  readonly refundFailed: (notice: RefundNotice & { readonly reason: string }) => AlarmMail;
}

/** Mails finance and operators once the transaction is committed. */
export async function alarmStaff(context: ServiceContext, transaction: Transaction, mail: AlarmMail): Promise<void> {
  for (const to of await listStaffAddresses(transaction, ['finance', 'operator']))
    await sendMail(context, transaction, { to, ...mail });
}
