/** A product team: owns APIs, API products and their plans. */
export interface PublisherTeam {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** Roles of the people who run this installation, apart from any organization. */
export type StaffRole = 'finance' | 'operator';

/** The legal entity whose name and number series the invoices carry. */
export interface Seller {
  readonly name: string;
  readonly addressLines: readonly string[];
  readonly taxId: string | null;
  readonly invoicePrefix: string;
}
