import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { estimateQuery } from '../api/catalog.js';
import type { Product } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { LinesSkeleton } from '../components/skeletons.js';
import { RatedLines } from '../invoices/rated-lines.js';
import classes from './cost-calculator.module.css';
import { quotaReached } from './plan-words.js';
import { PlanTotal } from './plan-total.js';
import { QuantityField } from './quantity-field.js';
import { startingQuantity } from './quantity-scale.js';

interface CostCalculatorProps {
  readonly product: Product;
}

/** What a month would cost under each plan, by the engine that rates the invoices. Give it the product as key. */
export function CostCalculator({ product }: CostCalculatorProps) {
  const { meters, plans } = product;
  const [quantities, setQuantities] = useState(() => startingQuantities(product));
  const [chosenId, choose] = useState(() => (plans.find(({ free }) => !free) ?? plans[0])?.id);
  const [asked] = useDebouncedValue(quantities, 200);
  const texts = Object.fromEntries(Object.entries(asked).map(([meter, quantity]) => [meter, String(quantity)]));
  const estimates = useQueries({ queries: plans.map((plan) => estimateQuery(plan.version.id, texts)) });
  const chosenIndex = plans.findIndex(({ id }) => id === chosenId);
  const chosen = plans[chosenIndex];
  const estimate = estimates[chosenIndex];

  if (!chosen) return null;
  const reached = quotaReached(chosen.version.definition, quantities);
  return (
    <div className={classes.calculator}>
      <div className={classes.inputs}>
        {meters.map((meter) => (
          <QuantityField
            key={meter.slug}
            meter={meter}
            quantity={quantities[meter.slug] ?? 0}
            onChange={(quantity) => setQuantities((before) => ({ ...before, [meter.slug]: quantity }))}
          />
        ))}
        <fieldset className={classes.plans}>
          <legend>A month on each plan</legend>
          {plans.map((plan, index) => (
            <PlanTotal
              key={plan.id}
              plan={plan}
              total={estimates[index]?.data?.subtotal.formatted}
              blocked={quotaReached(plan.version.definition, quantities) !== null}
              checked={plan.id === chosen.id}
              onChoose={() => choose(plan.id)}
            />
          ))}
        </fieldset>
      </div>
      <div className={classes.result} aria-live="polite">
        <h3>{chosen.title}</h3>
        {estimate?.isError && <ProblemAlert error={estimate.error} onRetry={() => void estimate.refetch()} />}
        {!estimate?.data && !estimate?.isError && <LinesSkeleton lines={5} />}
        {estimate?.data && (
          <RatedLines
            caption={`Estimate for ${chosen.title}`}
            lines={estimate.data.lines}
            totals={[{ label: 'Total a month, before tax', amount: estimate.data.subtotal.formatted }]}
          />
        )}
        {reached && (
          <p className={classes.notice}>
            {chosen.title} stops at {reached.limit.toLocaleString('en-US')}: requests beyond this quota are refused.
          </p>
        )}
      </div>
    </div>
  );
}

function startingQuantities({ meters, plans }: Product): Readonly<Record<string, number>> {
  return Object.fromEntries(
    meters.map(({ slug }) => {
      const prices = plans.flatMap(({ version }) => version.definition.prices.filter(({ meter }) => meter === slug));
      return [slug, startingQuantity(prices.map(({ included }) => included))];
    }),
  );
}
