import type { Product } from '../../api/types.js';
import { receiptOf } from '../../catalog/receipt.js';
import classes from './receipt-figure.module.css';

/** What comes back with each answer: the gateway's receipt. */
export function ReceiptFigure({ product }: { readonly product: Product | undefined }) {
  const headers = product ? receiptOf(product) : [];
  return (
    <figure className={classes.receipt}>
      <figcaption>Each response carries its receipt</figcaption>
      <dl>
        {headers.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}:</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
