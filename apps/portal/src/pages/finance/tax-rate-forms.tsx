import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type TaxRateInput, addTaxRate, endTaxRate, sellersQuery } from '../../api/tax.js';
import type { Seller, TaxRate } from '../../api/types.js';
import { DayField } from '../../components/day-field.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { countryChoices, countryName } from '../../format/country.js';
import { taxCategories } from '../../tax/tax-words.js';

const countries = countryChoices();
const categories = Object.entries(taxCategories).map(([value, label]) => ({ value, label }));

function useRateAction(act: (input: TaxRateInput) => Promise<unknown>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sellersQuery.queryKey });
      onDone();
    },
  });
}

/** A rate as it is entered; what is of no matter for its category is left out. */
export function AddTaxRateForm({ seller, onDone }: { readonly seller: Seller; readonly onDone: () => void }) {
  const [country, setCountry] = useState(seller.country);
  const [region, setRegion] = useState('');
  const [category, setCategory] = useState<TaxRate['category']>('standard');
  const [name, setName] = useState('VAT');
  const [percent, setPercent] = useState('');
  const [taxId, setTaxId] = useState('');
  const [note, setNote] = useState('');
  const [from, setFrom] = useState('');
  const isCharged = category === 'standard' || category === 'reduced';
  const add = useRateAction((rate) => addTaxRate(seller.slug, rate), onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (country === null) return;
    add.mutate({
      country,
      region: region.trim().toUpperCase() || null,
      category,
      name: name.trim(),
      percent: isCharged ? percent.trim() : '0',
      taxId: taxId.trim() || null,
      note: note.trim() || null,
      validFrom: `${from}T00:00:00Z`,
      validTo: null,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group grow align="flex-start">
          <Select
            label="Country"
            required
            searchable
            limit={50}
            data={countries}
            value={country}
            onChange={setCountry}
            nothingFoundMessage="No such country"
          />
          <TextInput
            label="Part of it"
            placeholder="QC"
            maxLength={3}
            value={region}
            onChange={(event) => setRegion(event.currentTarget.value)}
          />
        </Group>
        <Select
          label="Category"
          allowDeselect={false}
          data={categories}
          value={category}
          description={category === 'reverse_charge' ? 'Of businesses with a tax number of that country.' : undefined}
          onChange={(value) => setCategory((value ?? 'standard') as TaxRate['category'])}
        />
        <Group grow align="flex-start">
          <TextInput
            label="Name of tax"
            placeholder="VAT"
            required
            maxLength={20}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {isCharged && (
            <TextInput
              label="Per cent"
              placeholder="19"
              required
              inputMode="decimal"
              value={percent}
              onChange={(event) => setPercent(event.currentTarget.value)}
            />
          )}
        </Group>
        <TextInput
          label="Tax number there"
          description={`In place of ${seller.taxId ?? 'none'}.`}
          maxLength={40}
          value={taxId}
          onChange={(event) => setTaxId(event.currentTarget.value)}
        />
        <TextInput
          label="Note on invoices"
          required={category === 'exempt'}
          placeholder={category === 'exempt' ? 'Exempt by …' : undefined}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <DayField label="In force from (UTC)" required value={from} onChange={setFrom} />
        {add.isError && <ProblemAlert error={add.error} title="Not added" />}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            Only its end can be changed later.
          </Text>
          <Button type="submit" loading={add.isPending} disabled={country === null || from === ''}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Another end, or none. */
export function EndTaxRateForm({ rate, onDone }: { readonly rate: TaxRate; readonly onDone: () => void }) {
  const [until, setUntil] = useState(rate.validTo?.slice(0, 10) ?? '');
  const end = useRateAction(({ validTo }) => endTaxRate(rate.id, validTo), onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    end.mutate({ ...rate, validTo: until === '' ? null : `${until}T00:00:00Z` });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          {rate.name} at {rate.percent} % in {countryName(rate.country)}. Invoices of periods that end later have the
          rate that follows it, or none.
        </Text>
        <DayField
          label="In force before (UTC)"
          description="Without a day it goes on."
          value={until}
          onChange={setUntil}
        />
        {end.isError && <ProblemAlert error={end.error} title="Not changed" />}
        <Group justify="flex-end">
          <Button type="submit" loading={end.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
