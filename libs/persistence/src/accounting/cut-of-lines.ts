import { currencyCodes, minorDigits } from '#domain';

/** In SQL: the decimal places of the minor unit of a currency. */
function digitsOf(currency: string): string {
  const cases = [...Map.groupBy(currencyCodes, minorDigits)]
    .filter(([digits]) => digits !== USUAL_DIGITS)
    .map(([digits, codes]) => `WHEN ${currency} IN (${codes.map((code) => `'${code}'`).join(', ')}) THEN ${digits}`);
  return `CASE ${cases.join(' ')} ELSE ${USUAL_DIGITS} END`;
}

const USUAL_DIGITS = 2;

/**
 * In SQL, in parentheses: lines (`id`) of those `invoices` (a relation with `id`) that give back more than they charge, and what was cut of each
 * for the balance (`cut`, in minor units); together what the invoice has in excess. Lines are cut from the last: one that was cut
 * to nothing would have been what its exact amount settles to, and the rest was cut of the last one that still gives something back.
 */
export function cutOfLines(invoices: string): string {
  return `(
    SELECT given.id, given.cut + CASE
        WHEN row_number() OVER (PARTITION BY given.invoice_id ORDER BY given.amount_minor < 0 DESC, given.cut > 0 DESC, given.position DESC) = 1
        THEN given.excess_credit_minor - sum(given.cut) OVER (PARTITION BY given.invoice_id) ELSE 0
      END AS cut
    FROM (
      SELECT line.id, line.invoice_id, line.position, line.amount_minor, invoice.excess_credit_minor, CASE
          WHEN line.amount_minor = 0 AND line.unrounded_amount < 0
          THEN -round(line.unrounded_amount * power(10::numeric, ${digitsOf('invoice.currency')}) / step.minor) * step.minor ELSE 0
        END AS cut
      FROM ${invoices} asked JOIN invoice ON invoice.id = asked.id AND invoice.excess_credit_minor > 0
      JOIN invoice_line line ON line.invoice_id = invoice.id JOIN plan_version ON plan_version.id = line.plan_version_id
      CROSS JOIN LATERAL (SELECT coalesce((plan_version.definition ->> 'roundingStepMinor')::numeric, 1) AS minor) step
    ) given
  )`;
}
