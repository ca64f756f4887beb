/** Where transfers to a seller go. */
export interface BankAccount {
  /** ISO 13616, without blanks, capital letters. */
  readonly iban: string;
  /** ISO 9362; null where the bank needs none. */
  readonly bic: string | null;
  /** What payers write before the number of the invoice; null for the number alone. */
  readonly referenceText: string | null;
}

const IBAN_FORM = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/;
const BIC_FORM = /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;

/** An IBAN or a BIC as it is kept: without blanks, in capital letters. */
export function compactAccount(text: string): string {
  return text.replace(/\s/g, '').toUpperCase();
}

/** True for a compact IBAN whose check digits fit (ISO 13616, by ISO 7064 MOD 97-10). */
export function isIban(iban: string): boolean {
  if (!IBAN_FORM.test(iban)) return false;
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    (letter.charCodeAt(0) - 55).toString(),
  );
  return BigInt(digits) % 97n === 1n;
}

/** True for a compact BIC of 8 or 11 places (ISO 9362). */
export function isBic(bic: string): boolean {
  return BIC_FORM.test(bic);
}

/** An IBAN in groups of four, as people read it. */
export function printedIban(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, '$1 ');
}

/** What the payer of an invoice is to write on the transfer. */
export function transferReference({ referenceText }: BankAccount, invoiceNumber: string): string {
  return referenceText === null ? invoiceNumber : `${referenceText} ${invoiceNumber}`;
}
