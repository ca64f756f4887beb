import { ActionIcon, Button, Checkbox, Select } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { pluralOf } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { DecimalField, OptionalDecimalField, TextField } from './field-faults.js';
import classes from './plan-editor.module.css';
import {
  type PriceModel,
  type Tier,
  type TieredPrice,
  addTier,
  changedAt,
  removeTier,
  withOptional,
} from './plan-terms.js';

interface ModelFieldsProps<Model extends PriceModel = PriceModel> {
  readonly path: string;
  readonly price: Model;
  /** Of the meter, in the singular. */
  readonly unit: string;
  readonly onChange: (price: PriceModel) => void;
}

/** What a price model asks for. */
export function ModelFields({ path, price, unit, onChange }: ModelFieldsProps) {
  switch (price.model) {
    case 'per_unit':
      return (
        <div className={classes.fields}>
          <DecimalField
            path={`${path}.unitAmount`}
            label={`Price of a ${unit}`}
            value={price.unitAmount}
            onChange={(unitAmount) => onChange({ ...price, unitAmount })}
          />
        </div>
      );
    case 'graduated':
    case 'volume':
    case 'graduated_percentage':
      return <TierFields path={path} price={price} unit={unit} onChange={onChange} />;
    case 'package':
      return (
        <div className={classes.fields}>
          <DecimalField
            path={`${path}.packageSize`}
            label={`${capitalized(pluralOf(unit))} in a package`}
            value={price.packageSize}
            onChange={(packageSize) => onChange({ ...price, packageSize })}
          />
          <DecimalField
            path={`${path}.packageAmount`}
            label="Price of a package"
            value={price.packageAmount}
            onChange={(packageAmount) => onChange({ ...price, packageAmount })}
          />
          <Select
            label="A part of a package"
            allowDeselect={false}
            value={price.round}
            data={[
              { value: 'up', label: 'Counts as one' },
              { value: 'down', label: 'Counts as none' },
            ]}
            onChange={(round) => onChange({ ...price, round: round === 'down' ? 'down' : 'up' })}
          />
        </div>
      );
    case 'percentage':
      return <PercentageFields path={path} price={price} unit={unit} onChange={onChange} />;
    case 'dynamic':
      return (
        <div className={classes.fields}>
          <DecimalField
            path={`${path}.multiplier`}
            label="What events say, times"
            value={price.multiplier}
            onChange={(multiplier) => onChange({ ...price, multiplier })}
          />
        </div>
      );
  }
}

const percentageFields = [
  ['fixedAmount', 'Fixed part of each event'],
  ['minimumPerEvent', 'Each event at least'],
  ['maximumPerEvent', 'Each event at most'],
  ['freeEvents', 'Free events a month'],
  ['freeAmount', 'Free value a month'],
] as const;

function PercentageFields({ path, price, onChange }: ModelFieldsProps<Extract<PriceModel, { model: 'percentage' }>>) {
  return (
    <div className={classes.fields}>
      <DecimalField
        path={`${path}.ratePercent`}
        label="Per cent of the value"
        value={price.ratePercent}
        onChange={(ratePercent) => onChange({ ...price, ratePercent })}
      />
      {percentageFields.map(([field, label]) => (
        <OptionalDecimalField
          key={field}
          path={`${path}.${field}`}
          label={label}
          value={price[field]}
          onChange={(value) => onChange(withOptional(price, field, value))}
        />
      ))}
    </div>
  );
}

function TierFields({ path, price, unit, onChange }: ModelFieldsProps<TieredPrice>) {
  const isOfValue = price.model === 'graduated_percentage';
  const heads = [
    isOfValue ? 'Value up to' : `${capitalized(pluralOf(unit))} up to`,
    isOfValue ? 'Per cent' : `Each ${unit}`,
    'Once',
  ];
  const tiers: readonly Tier[] = price.tiers;
  const put = (next: readonly Tier[]) => onChange({ ...price, tiers: [...next] } as PriceModel);
  return (
    <div>
      <div className={`${classes.tier} ${classes.tierHeads}`} aria-hidden>
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {tiers.map((tier, index) => (
        <div key={index} className={classes.tier} role="group" aria-label={`Tier ${index + 1}`}>
          {tier.upTo === null ? (
            <span className={classes.openEnd}>and above</span>
          ) : (
            <TextField
              path={`${path}.tiers.${index}.upTo`}
              aria-label={`Tier ${index + 1}: ${heads[0]}`}
              inputMode="decimal"
              value={tier.upTo}
              onChange={(upTo) => put(changedAt(tiers, index, { ...tier, upTo }))}
            />
          )}
          {'ratePercent' in tier ? (
            <DecimalField
              path={`${path}.tiers.${index}.ratePercent`}
              aria-label={`Tier ${index + 1}: per cent`}
              value={tier.ratePercent}
              onChange={(ratePercent) => put(changedAt(tiers, index, { ...tier, ratePercent }))}
            />
          ) : (
            <DecimalField
              path={`${path}.tiers.${index}.unitAmount`}
              aria-label={`Tier ${index + 1}: price of a ${unit}`}
              value={tier.unitAmount}
              onChange={(unitAmount) => put(changedAt(tiers, index, { ...tier, unitAmount }))}
            />
          )}
          <DecimalField
            path={`${path}.tiers.${index}.flatAmount`}
            aria-label={`Tier ${index + 1}: once`}
            value={tier.flatAmount}
            onChange={(flatAmount) => put(changedAt(tiers, index, { ...tier, flatAmount }))}
          />
          <ActionIcon
            size={36}
            aria-label={`Remove tier ${index + 1}`}
            disabled={tiers.length === 1}
            onClick={() => put(removeTier(tiers, index))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        mt="sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => put(addTier(tiers))}
      >
        Add tier
      </Button>
      <Checkbox
        mt="sm"
        label="The first flat amount is due without usage too"
        checked={price.flatWithoutUsage ?? false}
        onChange={(event) => {
          const { flatWithoutUsage: _flat, ...rest } = price;
          onChange(event.currentTarget.checked ? { ...rest, flatWithoutUsage: true } : rest);
        }}
      />
    </div>
  );
}
