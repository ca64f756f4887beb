import { ActionIcon, Button, Menu, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { MeterPrice, PlanMeter } from '../api/types.js';
import { pluralOf } from '../format/number.js';
import { capitalized } from '../format/text.js';
import type { TermsProps } from './fee-fields.js';
import { DecimalField, OptionalDecimalField, useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import { ModelFields } from './model-fields.js';
import classes from './plan-editor.module.css';
import {
  type PriceModel,
  aggregationWords,
  changeModel,
  changedAt,
  priceModels,
  priceOfModel,
  unpricedMeters,
  withOptional,
} from './plan-terms.js';

/** What usage costs: a group for each meter that has a price. */
export function PriceFields({ terms, meters, onChange }: TermsProps) {
  const { prices } = terms;
  const left = unpricedMeters(terms, meters);
  const add = (meter: string) =>
    onChange({ ...terms, prices: [...prices, { meter, included: '0', price: priceOfModel('per_unit') }] });
  return (
    <>
      {prices.map((price, index) => (
        <MeterPriceFields
          key={price.meter}
          path={`prices.${index}`}
          price={price}
          meter={meters.find(({ slug }) => slug === price.meter)}
          onChange={(next) => onChange({ ...terms, prices: changedAt(prices, index, next) })}
        />
      ))}
      {prices.length === 0 && (
        <Text size="sm" c="dimmed">
          No meter has a price: usage is free.
        </Text>
      )}
      {left.length > 0 && (
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button variant="default" leftSection={<IconPlus size={16} />} style={{ justifySelf: 'start' }}>
              Price a meter
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {left.map((meter) => (
              <Menu.Item key={meter.slug} onClick={() => add(meter.slug)}>
                {meter.title}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

interface MeterPriceFieldsProps {
  readonly path: string;
  readonly price: MeterPrice;
  readonly meter: PlanMeter | undefined;
  readonly onChange: (price: MeterPrice | null) => void;
}

function MeterPriceFields({ path, price, meter, onChange }: MeterPriceFieldsProps) {
  const unit = meter?.unit ?? 'unit';
  const change = (changes: Partial<MeterPrice>) => onChange({ ...price, ...changes });
  const isOfValue = price.price.model === 'percentage';
  return (
    <FormGroup
      title={`Price of ${meter?.title ?? price.meter}`}
      description={`In a month ${aggregationWords[meter?.aggregation ?? 'sum']}.`}
      actions={
        <ActionIcon
          size={32}
          aria-label={`Remove the price of ${meter?.title ?? price.meter}`}
          onClick={() => onChange(null)}
        >
          <IconTrash size={18} />
        </ActionIcon>
      }
    >
      <Stack gap="md">
        <div className={classes.fields}>
          <Select
            label="Price model"
            allowDeselect={false}
            value={price.price.model}
            error={useFault(`${path}.price.model`)}
            description={priceModels[price.price.model].does}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={Object.entries(priceModels).map(([value, { label }]) => ({ value, label }))}
            onChange={(model) => model && change({ price: changeModel(price.price, model as PriceModel['model']) })}
          />
          <DecimalField
            path={`${path}.included`}
            label={`Included ${pluralOf(unit)}`}
            value={price.included}
            onChange={(included) => change({ included })}
          />
        </div>
        <ModelFields
          path={`${path}.price`}
          price={price.price}
          unit={unit}
          onChange={(next) => change({ price: next })}
        />
        <div className={classes.fields}>
          <OptionalDecimalField
            path={`${path}.discountPercent`}
            label="Discount, %"
            value={price.discountPercent}
            onChange={(discountPercent) => onChange(withOptional(price, 'discountPercent', discountPercent))}
          />
          {!isOfValue && (
            <OptionalDecimalField
              path={`${path}.discountUnits`}
              label="Units taken off"
              value={price.discountUnits}
              onChange={(discountUnits) => onChange(withOptional(price, 'discountUnits', discountUnits))}
            />
          )}
          <OptionalDecimalField
            path={`${path}.minimumAmount`}
            label="Minimum a month"
            value={price.minimumAmount}
            onChange={(minimumAmount) => onChange(withOptional(price, 'minimumAmount', minimumAmount))}
          />
          <OptionalDecimalField
            path={`${path}.maximumAmount`}
            label="Maximum a month"
            value={price.maximumAmount}
            onChange={(maximumAmount) => onChange(withOptional(price, 'maximumAmount', maximumAmount))}
          />
        </div>
        {!isOfValue && <ConversionFields path={`${path}.conversion`} price={price} unit={unit} onChange={onChange} />}
      </Stack>
    </FormGroup>
  );
}

const conversions = {
  none: 'As they are counted',
  divide: 'Divided by',
  multiply: 'Multiplied by',
} as const;

function ConversionFields({
  path,
  price,
  unit,
  onChange,
}: Omit<MeterPriceFieldsProps, 'meter'> & { readonly unit: string }) {
  const { conversion, ...rest } = price;
  const choose = (operation: string | null) => {
    if (operation !== 'divide' && operation !== 'multiply') return onChange(rest);
    onChange({ ...price, conversion: { factor: '1000', round: 'up', ...conversion, operation } });
  };
  return (
    <div className={classes.fields}>
      <Select
        label={`${capitalized(pluralOf(unit))} are priced`}
        allowDeselect={false}
        value={conversion?.operation ?? 'none'}
        data={Object.entries(conversions).map(([value, label]) => ({ value, label }))}
        onChange={choose}
      />
      {conversion && (
        <>
          <DecimalField
            path={`${path}.factor`}
            label="Factor"
            value={conversion.factor}
            onChange={(factor) => onChange({ ...price, conversion: { ...conversion, factor } })}
          />
          <Select
            label="Rounded"
            allowDeselect={false}
            value={conversion.round}
            data={[
              { value: 'none', label: 'Not' },
              { value: 'up', label: 'Up to whole units' },
              { value: 'down', label: 'Down to whole units' },
              { value: 'half_up', label: 'To the nearest' },
            ]}
            onChange={(round) =>
              round && onChange({ ...price, conversion: { ...conversion, round: round as typeof conversion.round } })
            }
          />
        </>
      )}
    </div>
  );
}
