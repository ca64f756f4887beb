import { IconPackage } from '@tabler/icons-react';
import type { Plan, Product } from '../../api/types.js';
import { PlanHead } from '../../catalog/plan-head.js';
import { chargedLines, includedWords, quotaWords, shortLimitWords } from '../../catalog/plan-words.js';
import { EmptyState } from '../../components/empty-state.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { PageHeader } from '../../components/page-header.js';
import classes from './choose-plan.module.css';

interface ChoosePlanProps {
  readonly products: readonly Product[];
  readonly applicationId: string | undefined;
}

/** Every plan of every product, to subscribe to one. */
export function ChoosePlan({ products, applicationId }: ChoosePlanProps) {
  return (
    <>
      <PageHeader
        title="Choose a plan"
        description="Compare all prices and estimate your costs on the product pages."
        above={<TextLink to="/">Products</TextLink>}
      />
      {products.length === 0 && (
        <EmptyState icon={IconPackage} title="No API products yet">
          As soon as a product team publishes one, its plans appear here.
        </EmptyState>
      )}
      {products.map((product) => (
        <section key={product.id} className={classes.product} aria-labelledby={`product-${product.slug}`}>
          <h2 id={`product-${product.slug}`}>{product.title}</h2>
          <p>{product.summary}</p>
          <ul className={classes.plans}>
            {product.plans.map((plan) => (
              <li key={plan.id}>
                <PlanHead plan={plan} />
                <ul className={classes.terms}>
                  {termsOf(plan, product).map((term) => (
                    <li key={term}>{term}</li>
                  ))}
                </ul>
                <ButtonLink
                  to="/dashboard/subscribe"
                  search={{ plan: plan.version.id, ...(applicationId ? { application: applicationId } : {}) }}
                  variant={plan.free ? 'default' : 'filled'}
                  fullWidth
                >
                  Choose {plan.title}
                  <span className="visually-hidden"> of {product.title}</span>
                </ButtonLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** The terms of a plan, one a line. */
function termsOf({ version: { definition } }: Plan, { meters }: Product): readonly string[] {
  const included = includedWords(definition, meters).map((words) => `${words} included`);
  const usage = chargedLines(definition, meters);
  const limits = shortLimitWords(definition);
  const quotas = definition.quotas.map((quota) => quotaWords(quota, meters));
  return [...new Set([...included, ...usage, ...limits, ...quotas])];
}
