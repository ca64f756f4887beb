import { Button, CloseButton, Fieldset, Group, Select, Stack, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Tagged } from '../../api/client.js';
import { type BillingDetailsChange, changeBillingDetails } from '../../api/tax.js';
import type { BillingDetails } from '../../api/types.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { countryChoices } from '../../format/country.js';

interface BillingDetailsFormProps {
  readonly organizationId: string;
  readonly details: Tagged<BillingDetails>;
  readonly onDone: () => void;
}

const MOST_LINES = 6;
const MOST_NUMBERS = 10;
const countries = countryChoices();

export function BillingDetailsForm({ organizationId, details, onDone }: BillingDetailsFormProps) {
  const queryClient = useQueryClient();
  const [legalName, setLegalName] = useState(details.legalName ?? '');
  const [address, setAddress] = useState(details.addressLines.join('\n'));
  const [country, setCountry] = useState(details.country);
  const [region, setRegion] = useState(details.region ?? '');
  const [postalCode, setPostalCode] = useState(details.postalCode ?? '');
  const [taxIds, setTaxIds] = useState<readonly TaxIdFields[]>(details.taxIds);
  const [order, setOrder] = useState(details.purchaseOrderNumber ?? '');
  const lines = address.split('\n').filter((line) => line.trim() !== '');
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(details.etag);
  // What the current periods would cost depends on it.
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId] });
  const save = useMutation({
    mutationFn: (body: BillingDetailsChange) => changeBillingDetails(organizationId, body, seen),
    onError: refresh,
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      legalName: legalName.trim() || null,
      addressLines: lines,
      country,
      region: region.trim() || null,
      postalCode: postalCode.trim() || null,
      taxIds: taxIds.flatMap((taxId) => (taxId.country && taxId.value ? { ...taxId, country: taxId.country } : [])),
      purchaseOrderNumber: order.trim() || null,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Legal name"
          placeholder={details.organizationName}
          maxLength={120}
          data-autofocus
          value={legalName}
          onChange={(event) => setLegalName(event.currentTarget.value)}
        />
        <Textarea
          label="Address"
          description="Street and city, a line each, as they are printed."
          autosize
          minRows={2}
          maxRows={MOST_LINES}
          value={address}
          error={lines.length > MOST_LINES ? `At most ${MOST_LINES} lines are printed.` : null}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Group grow>
          <CountrySelect label="Country" value={country} onChange={setCountry} />
        </Group>
        <Group grow align="flex-start">
          <TextInput
            label="State or province"
            description="Where tax depends on it: QC, CA, …"
            maxLength={3}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={region}
            onChange={(event) => setRegion(event.currentTarget.value)}
          />
          <TextInput
            label="Postal code"
            description="Printed below the address unless it says it."
            maxLength={12}
            autoComplete="postal-code"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={postalCode}
            onChange={(event) => setPostalCode(event.currentTarget.value)}
          />
        </Group>
        <TaxIdList taxIds={taxIds} country={country} onChange={setTaxIds} />
        <TextInput
          label="Purchase order number"
          description="Printed on every invoice."
          maxLength={50}
          value={order}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
        {save.isError && <ProblemAlert error={save.error} title="Not saved" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Keep as it was
          </Button>
          <Button type="submit" loading={save.isPending} disabled={lines.length > MOST_LINES}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A number that is being typed may not have a country yet. */
interface TaxIdFields {
  readonly country: string | null;
  readonly value: string;
}

interface TaxIdListProps {
  readonly taxIds: readonly TaxIdFields[];
  /** Of a new one, until another is chosen. */
  readonly country: string | null;
  readonly onChange: (taxIds: readonly TaxIdFields[]) => void;
}

function TaxIdList({ taxIds, country, onChange }: TaxIdListProps) {
  const change = (index: number, part: Partial<TaxIdFields>) =>
    onChange(taxIds.map((taxId, position) => (position === index ? { ...taxId, ...part } : taxId)));
  return (
    <Fieldset legend="Tax numbers" variant="default">
      <Stack gap="sm">
        {taxIds.map((taxId, index) => (
          <Group key={index} gap="xs" align="flex-end">
            <CountrySelect
              label={`Country of number ${index + 1}`}
              value={taxId.country}
              onChange={(chosen) => change(index, { country: chosen })}
            />
            <TextInput
              label={`Number ${index + 1}`}
              placeholder="DE136695976"
              maxLength={60}
              style={{ flex: '1 1 150px' }}
              value={taxId.value}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
            <CloseButton
              size="lg"
              aria-label={`Remove number ${index + 1}`}
              onClick={() => onChange(taxIds.filter((_, position) => position !== index))}
            />
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            disabled={taxIds.length >= MOST_NUMBERS}
            onClick={() => onChange([...taxIds, { country, value: '' }])}
          >
            Add a number
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

interface CountrySelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (country: string | null) => void;
}

function CountrySelect({ label, value, onChange }: CountrySelectProps) {
  return (
    <Select
      label={label}
      data={countries}
      searchable
      clearable
      limit={50}
      nothingFoundMessage="No such country"
      style={{ flex: '1 1 180px', minWidth: 0 }}
      value={value}
      onChange={onChange}
    />
  );
}
