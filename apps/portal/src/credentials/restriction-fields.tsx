import { MultiSelect, Stack, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { productsQuery } from '../api/catalog.js';
import type { KeyRestrictions } from '../api/credentials.js';

interface RestrictionFieldsProps {
  readonly value: KeyRestrictions;
  readonly onChange: (value: KeyRestrictions) => void;
}

/** From where and for what a key works; what is left empty restricts nothing. */
export function RestrictionFields({ value, onChange }: RestrictionFieldsProps) {
  const { data: products = [] } = useQuery(productsQuery);
  return (
    <Stack gap="sm">
      <TagsInput
        label="Allowed addresses"
        description="Addresses or ranges that calls may come from. Press Enter after each."
        placeholder={value.allowedAddresses.length === 0 ? '203.0.113.0/24' : ''}
        value={value.allowedAddresses}
        onChange={(allowedAddresses) => onChange({ ...value, allowedAddresses })}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        maxTags={100}
      />
      <MultiSelect
        label="Products"
        description="Only these of the application’s products."
        placeholder={value.products.length === 0 ? 'All products' : ''}
        data={products.map(({ slug, title }) => ({ value: slug, label: title }))}
        value={value.products}
        onChange={(chosen) => onChange({ ...value, products: chosen })}
      />
      <TagsInput
        label="Operations"
        description="Operation ids, tag:NAME, or METHOD /path. Press Enter after each."
        placeholder={value.operations.length === 0 ? 'All operations' : ''}
        value={value.operations}
        onChange={(operations) => onChange({ ...value, operations })}
        splitChars={[',']}
        acceptValueOnBlur
        maxTags={100}
      />
    </Stack>
  );
}
