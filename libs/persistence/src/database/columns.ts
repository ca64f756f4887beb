import { Column, type ColumnOptions } from 'typeorm';

/** A bigint column, exact beyond 2^53: a `bigint` in the code. */
export function BigintColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({
    ...options,
    type: 'bigint',
    transformer: {
      to: (value: bigint | null | undefined) => (value === null || value === undefined ? value : value.toString()),
      from: (value: string | null) => (value === null ? null : BigInt(value)),
    },
  });
}

/** An exact decimal: a string in the code, without the zeros that the column's scale adds. */
export function DecimalColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({
    ...options,
    type: 'numeric',
    transformer: {
      to: (value: string | null) => value,
      from: (value: string | null) => (value === null ? null : trimDecimal(value)),
    },
  });
}

/** "12.500000" → "12.5", "3.000" → "3": one spelling for one number. */
export function trimDecimal(value: string): string {
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}
