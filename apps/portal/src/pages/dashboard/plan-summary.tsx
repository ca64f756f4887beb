import { featureLines } from '../../catalog/feature-words.js';
import { IncludedOperations } from '../../catalog/included-operations.js';
import { PlanHead } from '../../catalog/plan-head.js';
import { includedWords, quotaWords, shortLimitWords, usageLines } from '../../catalog/plan-words.js';
import { Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import type { OfferedPlan } from '../../subscriptions/offered-plan.js';
import classes from './plan-summary.module.css';

/** What one is about to agree to, in full. */
export function PlanSummary({ offered: { plan, product } }: { readonly offered: OfferedPlan }) {
  const { definition, operations } = plan.version;
  const { meters } = product;
  const terms = [
    { label: 'Included', lines: includedWords(definition, meters) },
    { label: 'Usage', lines: usageLines(definition, meters) },
    { label: 'Rate limit', lines: shortLimitWords(definition) },
    { label: 'Quota', lines: definition.quotas.map((quota) => quotaWords(quota, meters)) },
    { label: 'Features', lines: featureLines(definition.entitlements?.features) },
  ].filter(({ lines }) => lines.length > 0);
  return (
    <Section title="Your plan">
      <PlanHead plan={plan} />
      <div className={classes.terms}>
        <Facts
          entries={[
            ...terms.map(({ label, lines }) => ({
              label,
              value: lines.map((line) => (
                <span key={line} className={classes.line}>
                  {line}
                </span>
              )),
            })),
            ...(operations === null
              ? []
              : [{ label: 'Operations', value: <IncludedOperations operations={operations} /> }]),
          ]}
        />
      </div>
    </Section>
  );
}
