/** A number under which a business is known to a tax office. */
export interface TaxId {
  /** ISO 3166-1, two letters: whose tax office. */
  readonly country: string;
  /** As it is printed: without blanks, VAT numbers of the European Union with their prefix: "DE136695976". */
  readonly value: string;
}

/** Room for an identification number in each of some countries. */
export const MAX_TAX_IDS = 10;
