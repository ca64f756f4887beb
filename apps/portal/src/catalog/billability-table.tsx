import type { BillabilityRow, Product } from '../api/types.js';
import classes from './billability-table.module.css';
import { billedWords, quotaUseWords, situationWords } from './billability-words.js';

interface BillabilityTableProps {
  readonly product: Product;
}

/** Which calls are billed: one table for all plans that say the same. */
export function BillabilityTable({ product }: BillabilityTableProps) {
  const groups = Map.groupBy(product.plans, ({ version }) => JSON.stringify(version.billability));
  return [...groups.values()].map((plans) => {
    const titles = plans.map(({ title }) => title).join(', ');
    return (
      <div key={titles} className={classes.card}>
        {groups.size > 1 && <p className={classes.plans}>{titles}</p>}
        <Rows rows={plans[0]!.version.billability} caption={`Which calls are billed: ${titles}`} />
      </div>
    );
  });
}

function Rows({ rows, caption }: { readonly rows: readonly BillabilityRow[]; readonly caption: string }) {
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">What happens</th>
          <th scope="col">Billed</th>
          <th scope="col">Uses quota</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{situationWords[row.name]}</th>
            <td className={row.billable || row.valueMeters ? classes.yes : classes.no}>{billedWords(row)}</td>
            <td className={row.quota || row.valueMeters ? classes.yes : classes.no}>{quotaUseWords(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
