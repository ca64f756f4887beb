import type { ReactNode } from 'react';
import type { RatedLine } from '../api/types.js';
import { useMeters } from '../catalog/use-meters.js';
import { formatAmount } from '../format/money.js';
import { formatQuantity } from '../format/number.js';
import { chargeWords, freeUnitsOf, isOfCalls, lineTitle } from './invoice-words.js';
import classes from './rated-lines.module.css';

interface RatedLinesProps {
  readonly caption: string;
  readonly lines: readonly RatedLine[];
  /** A link that goes with a line, by its place in the list. */
  readonly linkOf?: (line: RatedLine, index: number) => ReactNode;
  /** The rows below the lines: subtotal, tax, total. The last one is set off. */
  readonly totals: readonly { readonly label: string; readonly amount: string; readonly testId?: string }[];
}

/** Lines as the rating engine gives them: what, how much of it, by which tiers, and the amount. */
export function RatedLines({ caption, lines, linkOf, totals }: RatedLinesProps) {
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Description</th>
          <th scope="col">Quantity</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      {lines.map((line, index) => (
        <Line key={`${index}-${line.description}`} line={line} link={linkOf?.(line, index)} />
      ))}
      <tfoot>
        {totals.map(({ label, amount, testId }) => (
          <tr key={label}>
            <th scope="row" colSpan={2}>
              {label}
            </th>
            <td data-testid={testId}>{amount}</td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}

function Line({ line, link }: { readonly line: RatedLine; readonly link?: ReactNode }) {
  const meterOf = useMeters();
  const free = freeUnitsOf(line);
  const { currency } = line.amount;
  const hasQuantity = isOfCalls(line);
  const isTiered = line.breakdown.filter(({ basis }) => basis === undefined || basis === 'percentage').length > 1;
  return (
    <tbody>
      <tr>
        <th scope="row" title={line.description}>
          {lineTitle(line, line.meter === null ? undefined : meterOf(line.meter)?.title)}
          {line.kind === 'late_usage' && <span className={classes.note}>arrived late</span>}
          {link}
        </th>
        <td>{hasQuantity ? formatQuantity(line.quantity) : ''}</td>
        <td>{line.amount.formatted}</td>
      </tr>
      {free > 0 && (
        <tr className={classes.part}>
          <td>Included in the plan</td>
          <td>{formatQuantity(free)}</td>
          <td>{formatAmount('0', currency)}</td>
        </tr>
      )}
      {line.breakdown.map((charge, index) => {
        const { label, units } = chargeWords(charge, currency, isTiered);
        return (
          <tr key={`${index}-${charge.from}`} className={classes.part}>
            <td>{label}</td>
            <td>{units}</td>
            <td>{formatAmount(charge.amount, currency)}</td>
          </tr>
        );
      })}
    </tbody>
  );
}
