const brands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

/** The name of a card brand as people know it. */
export function brandName(brand: string): string {
  return brands[brand] ?? (brand === '' ? 'Card' : brand.charAt(0).toUpperCase() + brand.slice(1));
}

/** "04/2029". */
export function expiryWords({ expMonth, expYear }: { readonly expMonth: number; readonly expYear: number }): string {
  return `${String(expMonth).padStart(2, '0')}/${expYear}`;
}
