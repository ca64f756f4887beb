/** The failure code of an invoice that the payment provider has differently: nothing is charged until it is built anew. */
export const RECONCILE_HOLD = 'reconcile_hold';
