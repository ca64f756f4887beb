import { NumberInput, Slider } from '@mantine/core';
import { useId } from 'react';
import type { Meter } from '../api/types.js';
import { formatCompact, formatUnits, pluralOf } from '../format/number.js';
import classes from './quantity-field.module.css';
import { positionOf, quantityAt } from './quantity-scale.js';

interface QuantityFieldProps {
  readonly meter: Meter;
  readonly quantity: number;
  readonly onChange: (quantity: number) => void;
}

const marks = [1000, 10_000, 100_000, 1_000_000, 10_000_000].map((quantity) => ({
  value: positionOf(quantity),
  label: formatCompact(quantity),
}));

/** How many units of a meter a month: a slider for the size, a number for the exact value. */
export function QuantityField({ meter, quantity, onChange }: QuantityFieldProps) {
  const inputId = useId();
  const units = pluralOf(meter.unit);
  const label = `${units.charAt(0).toUpperCase()}${units.slice(1)} a month`;
  return (
    <div>
      <div className={classes.row}>
        <label htmlFor={inputId}>{label}</label>
        <NumberInput
          id={inputId}
          value={quantity}
          onChange={(value) => onChange(Math.max(0, Math.round(Number(value) || 0)))}
          min={0}
          max={1_000_000_000}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          hideControls
          w={150}
          classNames={{ input: classes.number ?? '' }}
        />
      </div>
      <Slider
        value={positionOf(quantity)}
        onChange={(position) => onChange(quantityAt(position))}
        step={0.5}
        label={(position) => formatCompact(quantityAt(position))}
        marks={marks}
        thumbLabel={`${label}, slider`}
        thumbValueText={(position) => formatUnits(quantityAt(position), meter.unit)}
        mb={24}
      />
    </div>
  );
}
