import { TAX_CATEGORIES, TAX_SOURCES, type TaxRate } from '#domain';
import {
  type TaxRatePreview,
  addTaxRate,
  endTaxRate,
  findOrganizationId,
  listSellersWithTaxRates,
  previewAddedTaxRate,
  previewEndedTaxRate,
  setSellerTax,
  setTaxExemption,
} from '#services';
import { idFrom, parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate tax rates list`: what each seller charges of tax, those that are over or to come too. */
export async function taxRatesList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { seller: { type: 'string' }, json: { type: 'boolean' } });
  const sellers = await withSession(({ context }) => listSellersWithTaxRates(context));
  const found = sellers.filter(({ slug }) => options.seller === undefined || slug === options.seller);
  if (options.seller !== undefined && found.length === 0)
    throw new UsageError(`--seller ${options.seller}: expected one of ${sellers.map(({ slug }) => slug).join(', ')}`);
  const rates = found.flatMap(({ taxRates }) => taxRates);
  if (options.json) await printJson(rates);
  else if (rates.length === 0) await print('no tax rates\n');
  else for (const rate of rates) await print(describe(rate));
  return EXIT.ok;
}

/** `tollgate tax source`: who computes the taxes of a seller's invoices that are made from now on. */
export async function taxSource(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    seller: { type: 'string', default: 'default' },
    set: { type: 'string' },
    json: { type: 'boolean' },
  });
  const tax = TAX_SOURCES.find((one) => one === options.set);
  if (!tax) throw new UsageError(`--set ${options.set ?? ''}: expected one of ${TAX_SOURCES.join(', ')}`);
  const seller = await withSession(({ context }) =>
    setSellerTax(context, { sellerSlug: options.seller, tax, actor: CLI_ACTOR }),
  );
  if (options.json) await printJson({ slug: seller.slug, tax: seller.tax });
  else await print(`${seller.slug}: ${seller.tax === 'own' ? 'taxed by its own rates' : 'taxed by Stripe'}\n`);
  return EXIT.ok;
}

/** `tollgate tax rates add`: a rate for invoices that are made from now on. */
export async function taxRatesAdd(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    seller: { type: 'string', default: 'default' },
    country: { type: 'string' },
    region: { type: 'string' },
    category: { type: 'string', default: 'standard' },
    name: { type: 'string' },
    percent: { type: 'string', default: '0' },
    'tax-id': { type: 'string' },
    note: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const category = TAX_CATEGORIES.find((one) => one === options.category);
  if (!category) throw new UsageError(`--category ${options.category}: expected one of ${TAX_CATEGORIES.join(', ')}`);
  const input = {
    sellerSlug: options.seller,
    country: required(options.country, '--country'),
    region: options.region ?? null,
    category,
    name: required(options.name, '--name'),
    percent: options.percent,
    taxId: options['tax-id'] ?? null,
    note: options.note ?? null,
    validFrom: parseInstant(required(options.from, '--from'), '--from'),
    validTo: options.to === undefined ? null : parseInstant(options.to, '--to'),
    actor: CLI_ACTOR,
  };
  if (options.preview)
    return printPreview(await withSession(({ context }) => previewAddedTaxRate(context, input)), options);
  const rate = await withSession(({ context }) => addTaxRate(context, input));
  await (options.json ? printJson(rate) : print(describe(rate)));
  return EXIT.ok;
}

/** `tollgate tax rates end`: ends a rate at an instant, or lets it go on. */
export async function taxRatesEnd([word, ...rest]: readonly string[]): Promise<number> {
  const id = idFrom(word, 'the tax rate');
  const options = parseOptions(rest, {
    at: { type: 'string' },
    never: { type: 'boolean' },
    preview: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  if ((options.at === undefined) === (options.never === undefined))
    throw new UsageError('--at INSTANT or --never is needed (--help shows how)');
  const validTo = options.at === undefined ? null : parseInstant(options.at, '--at');
  const input = { id, validTo, actor: CLI_ACTOR };
  if (options.preview)
    return printPreview(await withSession(({ context }) => previewEndedTaxRate(context, input)), options);
  const rate = await withSession(({ context }) => endTaxRate(context, input));
  await (options.json ? printJson(rate) : print(describe(rate)));
  return EXIT.ok;
}

/** `tollgate tax exempt`: says why an organization is charged no tax from now on, or takes that back. */
export async function taxExempt(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    organization: { type: 'string' },
    reason: { type: 'string' },
    end: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const organization = required(options.organization, '--organization');
  if ((options.reason === undefined) === (options.end === undefined))
    throw new UsageError('--reason TEXT or --end is needed (--help shows how)');
  const reason = options.reason === undefined ? null : required(options.reason, '--reason TEXT');
  const details = await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    return setTaxExemption(context, { organizationId, reason, actor: CLI_ACTOR });
  });
  const { organizationId, exemptionReason } = details.details;
  if (options.json) await printJson({ organizationId, exemptionReason });
  else await print(exemptionReason === null ? 'charged tax again\n' : `charged no tax: ${exemptionReason}\n`);
  return EXIT.ok;
}

/** What a change of rates would do: the first invoice of each subscription that it taxes otherwise. */
async function printPreview(
  preview: TaxRatePreview,
  { json }: { readonly json?: boolean | undefined },
): Promise<number> {
  const { rate, invoices, changed, unchanged } = preview;
  if (json) {
    await printJson(preview);
    return EXIT.ok;
  }
  await print(describe(rate));
  for (const { organization, product, periodEnd, before, after } of invoices)
    await print(`  ${organization}, ${product}, period until ${periodEnd.toISOString()}: ${before} becomes ${after}\n`);
  if (changed > invoices.length) await print(`  and ${changed - invoices.length} more\n`);
  await print(
    `${changed} subscriptions would be taxed otherwise from then on, ${unchanged} as before; nothing was changed\n`,
  );
  return EXIT.ok;
}

function describe(rate: TaxRate): string {
  const place = rate.region === null ? rate.country : `${rate.country}-${rate.region}`;
  const span = `from ${rate.validFrom.toISOString()}${rate.validTo ? ` until ${rate.validTo.toISOString()}` : ''}`;
  return `${rate.id}  ${rate.sellerSlug}  ${place}  ${rate.category}  ${rate.name} ${rate.percent} %  ${span}\n`;
}
