import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sellersQuery } from '../../api/tax.js';
import { firstSeller } from './money-place.js';

export interface MoneyPlaceChoice {
  /** The first one is meant until another is chosen. */
  readonly currencies: readonly string[];
  /** The slug of the seller of an invoice that the money is about. */
  readonly seller?: string;
}

interface MoneyPlace {
  readonly currency: string;
  /** Null until one is chosen. */
  readonly seller: string | null;
  /** What is to be chosen of it; nothing where there is one of each. */
  readonly fields: ReactNode;
}

/** With which seller money is changed by hand, and in which currency. */
export function useMoneyPlace({ currencies, seller: ofInvoice }: MoneyPlaceChoice): MoneyPlace {
  const { data: sellers = [] } = useQuery(sellersQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const [inCurrency, setInCurrency] = useState<string | null>(null);
  const currency = inCurrency ?? currencies[0] ?? '';
  const seller = chosen ?? firstSeller(sellers, ofInvoice);
  const fields = (
    <>
      {sellers.length > 1 && (
        <Select
          label="Seller"
          description="With whom it is in store. Only invoices of this seller use it."
          placeholder="Choose one"
          data={sellers.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` }))}
          value={seller}
          allowDeselect={false}
          required
          onChange={setChosen}
        />
      )}
      {currencies.length > 1 && (
        <Select
          label="Currency"
          data={[...currencies]}
          value={currency}
          allowDeselect={false}
          required
          onChange={setInCurrency}
        />
      )}
    </>
  );
  return { currency, seller, fields };
}

/** How the seller of a proposal is named; nothing where there is only one. */
export function useSellerWords(): (proposal: { readonly seller: string }) => string | undefined {
  const { data: sellers = [] } = useQuery(sellersQuery);
  return ({ seller }) =>
    sellers.length > 1 ? `With ${sellers.find(({ slug }) => slug === seller)?.name ?? seller}` : undefined;
}
