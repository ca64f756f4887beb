import { ActionIcon, NumberInput, Select, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { CreditPackInWords } from '../api/types.js';
import { DecimalField, TextField, useFault } from '../plan-editor/field-faults.js';
import { FormGroup } from '../plan-editor/form-group.js';
import classes from '../plan-editor/plan-editor.module.css';
import { type PackKind, kindOfPack, withDays, withKind } from './pack-words.js';

interface PackFieldsProps {
  readonly path: string;
  readonly pack: CreditPackInWords;
  readonly onChange: (pack: CreditPackInWords | null) => void;
}

const kinds: readonly { readonly value: PackKind; readonly label: string }[] = [
  { value: 'fixed', label: 'One price' },
  { value: 'chosen', label: 'What the buyer chooses' },
];

/** Prepaid credits that can be bought: for a price, or for what the buyer chooses within bounds. */
export function PackFields({ path, pack, onChange }: PackFieldsProps) {
  const { slug, title, currency, validDays } = pack;
  const kind = kindOfPack(pack);
  const name = title.trim() === '' ? slug : title;
  const fault = useFault(path);
  const field = (of: 'title' | 'slug' | 'currency' | 'price' | 'credits' | 'minimum' | 'maximum') => ({
    path: `${path}.${of}`,
    required: true,
    value: pack[of] ?? '',
    onChange: (next: string) => onChange({ ...pack, [of]: next }),
  });
  const remove = (
    <ActionIcon size={36} aria-label={`Remove pack ${name}`} onClick={() => onChange(null)}>
      <IconTrash size={18} />
    </ActionIcon>
  );
  return (
    <FormGroup title={name} actions={remove}>
      <div className={classes.fields}>
        <TextField {...field('title')} label="Title" maxLength={120} />
        <TextField {...field('slug')} label="Short name" maxLength={63} />
        <TextField
          {...field('currency')}
          label="Currency"
          maxLength={3}
          onChange={(next) => onChange({ ...pack, currency: next.toUpperCase() })}
        />
        <Select
          label="It costs"
          allowDeselect={false}
          data={[...kinds]}
          value={kind}
          onChange={(next) => onChange(withKind(pack, next === 'chosen' ? 'chosen' : 'fixed'))}
        />
        {kind === 'fixed' ? (
          <>
            <DecimalField {...field('price')} label={`Price in ${currency}, before tax`} />
            <DecimalField {...field('credits')} label={`Grants credits worth, in ${currency}`} />
          </>
        ) : (
          <>
            <DecimalField {...field('minimum')} label={`At least, in ${currency}`} />
            <DecimalField {...field('maximum')} label={`At most, in ${currency}`} />
          </>
        )}
        <NumberInput
          label="Days that they are valid"
          placeholder="For ever"
          error={useFault(`${path}.validDays`)}
          value={validDays ?? ''}
          min={1}
          max={3650}
          allowDecimal={false}
          allowNegative={false}
          onChange={(next) => onChange(withDays(pack, typeof next === 'number' ? next : undefined))}
        />
      </div>
      {fault && (
        <Text size="sm" c="red" role="alert" mt="xs">
          {fault}
        </Text>
      )}
    </FormGroup>
  );
}
