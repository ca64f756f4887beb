import { bucketLabel } from './axis-labels.js';
import classes from './traffic-chart.module.css';

interface NumbersTableProps {
  /** What they are of: "Numbers of …". */
  readonly title: string;
  readonly stepSeconds: number;
  readonly columns: readonly { readonly key: string; readonly label: string }[];
  /** The oldest first; each with a text for each column. */
  readonly rows: readonly { readonly at: number; readonly cells: readonly string[] }[];
}

/** The numbers of a chart, the newest first, for whoever asks for them. */
export function NumbersTable({ title, stepSeconds, columns, rows }: NumbersTableProps) {
  return (
    <details className={classes.numbers}>
      <summary>Show the numbers</summary>
      <div className={classes.rows} tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {columns.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map(({ at, cells }) => (
              <tr key={at}>
                <th scope="row">{bucketLabel(at, stepSeconds)}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index]?.key}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
