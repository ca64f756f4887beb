import type { ReactNode } from 'react';
import type { Plan, Product } from '../api/types.js';
import { featureNames, featureTitle, featureValueWords } from './feature-words.js';
import { IncludedOperations } from './included-operations.js';
import classes from './plan-comparison.module.css';
import { PlanHead, PlanSubscribe } from './plan-head.js';
import { includedWords, quotaWords, shortLimitWords, usageWords } from './plan-words.js';

interface PlanComparisonProps {
  readonly product: Product;
}

interface Row {
  readonly label: string;
  readonly cell: (plan: Plan, product: Product) => ReactNode;
}

const rows: readonly Row[] = [
  {
    label: 'Included',
    cell: ({ free, version }, { meters }) => (
      <Lines lines={includedWords(version.definition, meters)} none={free ? 'All usage' : 'Nothing'} />
    ),
  },
  { label: 'Usage', cell: (plan, product) => <Usage plan={plan} product={product} /> },
  {
    label: 'Rate limit',
    cell: ({ version }) => <Lines lines={shortLimitWords(version.definition)} none="None" />,
  },
  {
    label: 'Quota',
    cell: ({ version }, { meters }) => (
      <Lines lines={version.definition.quotas.map((quota) => quotaWords(quota, meters))} none="No limit" />
    ),
  },
];

const operations: Row = {
  label: 'Operations',
  cell: ({ version }) => <IncludedOperations operations={version.operations} />,
};

/** What all plans have, and what only some have is told of: operations where they differ, and features. */
function rowsOf({ plans }: Product): Row[] {
  const features = featureNames(plans).map((name): Row => ({
    label: featureTitle(name),
    cell: ({ version }) => <Feature words={featureValueWords(version.definition.entitlements?.features?.[name])} />,
  }));
  return [...rows, ...(plans.some(({ version }) => version.operations) ? [operations] : []), ...features];
}

function Feature({ words }: { readonly words: string }) {
  return <span className={words === 'No' ? classes.quiet : undefined}>{words}</span>;
}

/** The plans of a product beside each other; below each other on narrow screens. */
export function PlanComparison({ product }: PlanComparisonProps) {
  const compared = rowsOf(product);
  return (
    <>
      <div className={classes.wide}>
        <table className={classes.table}>
          <caption className="visually-hidden">Plans of {product.title}</caption>
          <thead>
            <tr>
              <td />
              {product.plans.map((plan) => (
                <th key={plan.id} scope="col">
                  <PlanHead plan={plan} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {compared.map(({ label, cell }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {product.plans.map((plan) => (
                  <td key={plan.id}>{cell(plan, product)}</td>
                ))}
              </tr>
            ))}
            <tr>
              <td />
              {product.plans.map((plan) => (
                <td key={plan.id}>
                  <PlanSubscribe plan={plan} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <ul className={classes.narrow} aria-label={`Plans of ${product.title}`}>
        {product.plans.map((plan) => (
          <li key={plan.id}>
            <PlanHead plan={plan} />
            <dl>
              {compared.map(({ label, cell }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{cell(plan, product)}</dd>
                </div>
              ))}
            </dl>
            <PlanSubscribe plan={plan} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Usage({ plan, product }: { readonly plan: Plan; readonly product: Product }) {
  const usage = usageWords(plan.version.definition, product.meters);
  if (usage.length === 0) return <Lines lines={[]} none="No charge" />;
  return usage.map(({ meter, title, hasIncluded, words }) => (
    <div key={meter} className={classes.meter}>
      {title !== null && <span className={classes.title}>{title}</span>}
      <Lines lines={words} none="No charge" />
      {hasIncluded && words[0] !== 'No charge' && <span className={classes.quiet}>after those included</span>}
    </div>
  ));
}

function Lines({ lines, none }: { readonly lines: readonly string[]; readonly none: string }) {
  if (lines.length === 0) return <span className={classes.quiet}>{none}</span>;
  return lines.map((line) => (
    <span key={line} className={classes.line}>
      {line}
    </span>
  ));
}
