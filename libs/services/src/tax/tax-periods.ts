import {
  type InvoiceBuyer,
  type InvoiceTax,
  NOTHING_TO_TAX,
  type Seller,
  type TaxTreatment,
  awaitedTreatment,
  decideTax,
  invoiceBuyer,
  invoiceTaxes,
  sumOfTaxes,
} from '#domain';
import { type Sale, type Transaction, listBillingDetails, listSalesOfSubscriptions, listTaxRates } from '#persistence';

/** A period with what its lines come to. */
export interface PeriodToTax {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly endsAt: Date;
  readonly currency: string;
  readonly subtotalMinor: bigint;
  readonly excessCreditMinor: bigint;
}

/** What an invoice of the period says of tax, and of whom it is from and for. */
export interface TaxedPeriod {
  readonly seller: Seller;
  readonly buyer: InvoiceBuyer;
  readonly treatment: TaxTreatment;
  readonly taxes: readonly InvoiceTax[];
  /** Σ of the taxes, in minor units. */
  readonly taxMinor: bigint;
  /** The tax on what the lines give back beyond what they charge. */
  readonly excessTaxMinor: bigint;
}

/**
 * Taxes periods by their sellers' rates at their last instant, and by what is known of the buyers now; by subscription, each
 * of which may have one period among them. Where the payment provider computes the tax it is not known yet, and left out. Previews and closing both call this.
 */
export async function taxPeriods(
  transaction: Transaction,
  periods: readonly PeriodToTax[],
): Promise<Map<string, TaxedPeriod>> {
  const subscriptionIds = periods.map(({ subscriptionId }) => subscriptionId);
  return taxSales(transaction, periods, await listSalesOfSubscriptions(transaction, subscriptionIds));
}

/** The same where the sales are known, as of subscriptions that are not made yet. */
export async function taxSales(
  transaction: Transaction,
  periods: readonly PeriodToTax[],
  sales: ReadonlyMap<string, Sale>,
): Promise<Map<string, TaxedPeriod>> {
  const slugs = [...new Set([...sales.values()].map(({ seller }) => seller.slug))];
  const rates = Map.groupBy(await listTaxRates(transaction, slugs), ({ sellerSlug }) => sellerSlug);
  const buyers = await listBillingDetails(transaction, [
    ...new Set(periods.map(({ organizationId }) => organizationId)),
  ]);
  return new Map(
    periods.map((period) => {
      const { seller, taxCategory, taxCode } = sales.get(period.subscriptionId)!;
      const { organizationName, details } = buyers.get(period.organizationId)!;
      if (seller.tax === 'provider')
        return [
          period.subscriptionId,
          taxedLater(period, { seller, taxCode }, invoiceBuyer(details, organizationName)),
        ];
      const treatment = decideTax({
        seller,
        rates: rates.get(seller.slug) ?? [],
        buyer: details,
        category: taxCategory,
        at: lastInstant(period.endsAt),
      });
      return [period.subscriptionId, taxed(period, seller, invoiceBuyer(details, organizationName), treatment)];
    }),
  );
}

/** Of a seller whose taxes the payment provider computes: not known before it has done so, but where there is nothing to tax. */
function taxedLater(
  period: PeriodToTax,
  { seller, taxCode }: Pick<Sale, 'seller' | 'taxCode'>,
  buyer: InvoiceBuyer,
): TaxedPeriod {
  const isNothing = period.subtotalMinor === 0n && period.excessCreditMinor === 0n;
  return taxed(period, seller, buyer, isNothing ? NOTHING_TO_TAX : awaitedTreatment(taxCode));
}

function taxed(
  { subtotalMinor, excessCreditMinor, currency }: PeriodToTax,
  seller: Seller,
  buyer: InvoiceBuyer,
  treatment: TaxTreatment,
): TaxedPeriod {
  const taxes = invoiceTaxes(treatment, subtotalMinor, currency);
  const onExcess = invoiceTaxes(treatment, excessCreditMinor, currency);
  return {
    seller: { ...seller, taxId: treatment.sellerTaxId ?? seller.taxId },
    buyer,
    treatment,
    taxes,
    taxMinor: sumOfTaxes(taxes),
    excessTaxMinor: sumOfTaxes(onExcess),
  };
}

/** What is used until the end of a period is supplied by then: a rate that begins at its end is none of it. */
function lastInstant(endsAt: Date): Date {
  return new Date(endsAt.getTime() - 1);
}
