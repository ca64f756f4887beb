import { Alert, SegmentedControl, Select, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlanMeter, PlanPreview, PlanTerms } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { formatAmount, formatMinor } from '../format/money.js';
import { formatQuantity, formatUnits, pluralOf } from '../format/number.js';
import { capitalized } from '../format/text.js';
import { chargeWords } from '../invoices/invoice-words.js';
import { graphLine } from './graph-line.js';
import { faultPlaceWords } from '../catalog/place-words.js';
import classes from './price-preview.module.css';
import type { LivePreview } from './use-preview.js';

const size = { width: 360, height: 150 };

interface PricePreviewProps {
  readonly live: LivePreview;
  readonly terms: PlanTerms;
  readonly meters: readonly PlanMeter[];
}

/** What the plan costs as it is written now: a line and worked examples for each meter, as invoices would say. */
export function PricePreview({ live, terms, meters }: PricePreviewProps) {
  const [chosen, choose] = useState<string | null>(null);
  const { preview, faults, error, isStale } = live;
  const shown = preview?.meters.find(({ meter }) => meter === chosen) ?? preview?.meters[0];
  const titleOf = (slug: string) => meters.find((meter) => meter.slug === slug)?.title ?? slug;
  const choices = (preview?.meters ?? []).map(({ meter }) => ({ value: meter, label: titleOf(meter) }));
  return (
    <Section title="What it costs" description="A month before tax, computed as invoices are, while you type.">
      <div aria-live="polite">
        {faults.size > 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle size={20} />} title={correctWords(faults.size)} mb="md">
            <ul className={classes.faults}>
              {[...faults].map(([path, message]) => (
                <li key={path}>
                  <b>{faultPlaceWords(path, terms)}</b>: {message}
                </li>
              ))}
            </ul>
          </Alert>
        )}
        {error !== null && <ProblemAlert error={error} title="The price cannot be shown" />}
      </div>
      {!preview && faults.size === 0 && error === null && <LinesSkeleton lines={6} />}
      {preview && (
        <div className={isStale ? classes.stale : undefined}>
          <Text size="sm" mb="sm">
            Fixed fee: <b>{preview.monthlyFee.formatted}</b> a month
            {shown ? ', and for usage:' : '. Usage costs nothing.'}
          </Text>
          {choices.length > 1 && choices.length <= 3 && (
            <SegmentedControl
              fullWidth
              mb="sm"
              size="xs"
              aria-label="Meter"
              data={choices}
              value={shown?.meter ?? ''}
              onChange={choose}
            />
          )}
          {choices.length > 3 && (
            <Select
              aria-label="Meter"
              mb="sm"
              allowDeselect={false}
              data={choices}
              value={shown?.meter ?? null}
              onChange={choose}
            />
          )}
          {shown && (
            <MeterPrices
              shown={shown}
              title={titleOf(shown.meter)}
              unit={meters.find(({ slug }) => slug === shown.meter)?.unit ?? 'unit'}
            />
          )}
        </div>
      )}
    </Section>
  );
}

function correctWords(count: number): string {
  return count === 1 ? 'One thing is to be corrected' : `${count} things are to be corrected`;
}

interface MeterPricesProps {
  readonly shown: PlanPreview['meters'][number];
  readonly title: string;
  readonly unit: string;
}

function MeterPrices({ shown: { examples, curve }, title, unit }: MeterPricesProps) {
  const line = graphLine(curve, size);
  const currency = examples[0]?.amount.currency ?? 'USD';
  const { width, height } = size;
  return (
    <>
      <svg
        className={classes.graph}
        viewBox={`-6 -8 ${width + 12} ${height + 12}`}
        role="img"
        aria-label={`${title}: from nothing to ${formatMinor(line.mostMinor, currency)} for ${formatUnits(line.mostQuantity, unit)}. The table below has the numbers.`}
      >
        <path className={classes.area} d={`${line.path}L${width} ${height}L0 ${height}Z`} />
        <path className={classes.axis} d={`M0 0V${height}H${width}`} fill="none" />
        <path className={classes.line} d={line.path} />
        {examples.map(({ quantity, amount }) => {
          const { x, y } = line.at({ quantity, amountMinor: amount.amountMinor });
          return (
            <circle key={quantity} className={classes.mark} cx={x} cy={y} r={3.5}>
              <title>{`${formatUnits(quantity, unit)}: ${amount.formatted}`}</title>
            </circle>
          );
        })}
      </svg>
      <p className={classes.ends}>
        <span>0</span>
        <span>
          {formatUnits(line.mostQuantity, unit)}: {formatMinor(line.mostMinor, currency)}
        </span>
      </p>
      <table className={classes.table}>
        <caption className="visually-hidden">{title}: what some quantities cost</caption>
        <thead>
          <tr>
            <th scope="col">{capitalized(pluralOf(unit))}</th>
            <th scope="col">How</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {examples.map((example) => (
            <tr key={example.quantity}>
              <th scope="row">{formatQuantity(example.quantity)}</th>
              <td className={classes.how}>
                <How example={example} currency={currency} />
              </td>
              <td>{example.amount.formatted}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

type Example = PlanPreview['meters'][number]['examples'][number];

function How({ example: { lines }, currency }: { readonly example: Example; readonly currency: string }) {
  const parts = lines.flatMap(({ kind, amount, breakdown }) =>
    kind === 'minimum_commitment'
      ? [`Up to the minimum: ${amount.formatted}`]
      : breakdown.map((charge) => {
          const { label, units } = chargeWords(charge, currency, breakdown.length > 1);
          return `${label}${units === '' ? '' : `, ${units}`}: ${formatAmount(charge.amount, currency)}`;
        }),
  );
  if (parts.length === 0) return '–';
  if (parts.length === 1) return parts[0];
  return (
    <details>
      <summary>{parts.length} parts</summary>
      <ul>
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </details>
  );
}
