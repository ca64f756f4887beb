/** The failure code of an invoice that the payment provider has differently: nothing is charged until it is built anew. */
export const RECONCILE_HOLD = 'reconcile_hold';

/** The failure code of a draft whose tax cannot be computed, as too little is known of where its buyer is. */
export const TAX_LOCATION_MISSING = 'tax_location_missing';

/** The failure code of a draft whose tax the provider could not compute. */
export const TAX_FAILED = 'tax_failed';
