import type { PlanDifference } from '../api/types.js';
import { placeWords, valueWords } from './place-words.js';
import classes from './plan-differences.module.css';

interface PlanDifferencesProps {
  readonly caption: string;
  readonly differences: readonly PlanDifference[];
  /** Of the plan's amounts. */
  readonly currency: string;
  /** What the two columns are. */
  readonly from: string;
  readonly to: string;
}

/** Where two terms of a plan differ, beside each other. */
export function PlanDifferences({ caption, differences, currency, from, to }: PlanDifferencesProps) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={classes.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">{from}</th>
            <th scope="col">{to}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.path}>
              <th scope="row">{placeWords(difference.path)}</th>
              <td>{valueWords(difference.path, difference.from, currency)}</td>
              <td>{valueWords(difference.path, difference.to, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
