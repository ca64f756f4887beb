import { InvalidError, type TaxRate, type TaxRateInput, TollgateError, checkTaxRate, compareDecimals } from '#domain';
import { listTaxRates } from '#persistence';
import { addTaxRateIn, endTaxRateIn } from '../tax/tax-rates.js';
import type { ApplyWork } from './apply-catalog.js';
import { changedFields } from './catalog-change.js';
import type { TaxRateInFile } from './tax-rate-in-file.js';

/**
 * Adds the rates of the file that a seller lacks, and ends those that the file ends. All else of a rate is fixed, as invoices name it; a rate
 * that the file does not have stays. Ends come first, so that one file replaces a rate by another.
 * @throws InvalidError `tax_rate_invalid` that names the field in the file, `tax_rate_overlaps` for one that cannot be beside another
 */
export async function applyTaxRates(
  work: ApplyWork,
  {
    sellerSlug,
    path,
    rates,
  }: { readonly sellerSlug: string; readonly path: string; readonly rates: readonly TaxRateInFile[] },
): Promise<void> {
  const current = await listTaxRates(work.transaction, [sellerSlug]);
  const missing: [string, TaxRateInput][] = [];
  for (const [index, rate] of rates.entries()) {
    const at = `${path}[${index}]`;
    const desired = await naming(at, async () => checkTaxRate({ sellerSlug, ...rate }));
    const same = current.find((one) => isSame(one, desired));
    if (same) await naming(at, () => endAsSaid(work, same, desired.validTo));
    else missing.push([at, desired]);
  }
  for (const [at, desired] of missing) {
    await naming(at, () => addTaxRateIn(work.context, work.transaction, { ...desired, actor: work.actor }));
    work.changes.push({ action: 'create', noun: 'tax rate', name: nameOf(desired), fields: [] });
  }
}

async function endAsSaid({ context, transaction, changes, actor }: ApplyWork, rate: TaxRate, validTo: Date | null) {
  const fields = changedFields({ validTo: rate.validTo }, { validTo });
  if (fields.length === 0) return;
  await endTaxRateIn(context, transaction, { id: rate.id, validTo, actor });
  changes.push({ action: 'update', noun: 'tax rate', name: nameOf(rate), fields });
}

/** All that is fixed of a rate. */
function isSame(
  { id: _id, validTo: _validTo, ...rate }: TaxRate,
  { validTo: _end, ...desired }: TaxRateInput,
): boolean {
  return (
    compareDecimals(rate.percent, desired.percent) === 0 &&
    changedFields(rate, { ...desired, percent: rate.percent }).length === 0
  );
}

function nameOf({ sellerSlug, country, region, category, name, percent }: TaxRateInput): string {
  return `${sellerSlug}/${country}${region === null ? '' : `-${region}`} ${name} ${percent} % ${category}`;
}

/** What is wrong with a rate is said with its place in the file. */
async function naming<Result>(at: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error;
    // What is invalid begins with its field.
    const place = error instanceof InvalidError ? `${at}.` : `${at}: `;
    throw new InvalidError(error.code, `${place}${error.message}`, { cause: error });
  }
}
