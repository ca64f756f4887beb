import type { TaxSource } from '../tax/tax-source.js';
import type { BankAccount } from './bank-account.js';

/** A product team: owns APIs, API products and their plans. */
export interface PublisherTeam {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** The legal entity that sells its products. */
  readonly sellerSlug: string;
  readonly createdAt: Date;
}

/** Roles of the people who run this installation, apart from any organization; an admin gives them, and places in teams. */
export const STAFF_ROLES = ['finance', 'operator', 'admin'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** The seller of publishers that name no other. */
export const DEFAULT_SELLER = 'default';

/** A legal entity whose name and number series invoices carry. */
export interface Seller extends InvoiceSeller {
  readonly slug: string;
  readonly invoicePrefix: string;
  readonly bankAccount: BankAccount | null;
  /** Suspends the subscriptions of an organization that disputes a payment, until the dispute is over. */
  readonly suspendOnDispute: boolean;
  readonly tax: TaxSource;
}

/** What an invoice says of its seller, and keeps. */
export interface InvoiceSeller {
  readonly name: string;
  readonly addressLines: readonly string[];
  readonly taxId: string | null;
  /** ISO 3166-1, two letters; null where nobody has said it. */
  readonly country: string | null;
  /** Where transfers go; absent on an invoice of before, null where nobody has said it. */
  readonly bankAccount?: BankAccount | null;
}
