import { useQuery } from '@tanstack/react-query';
import { wordsFor } from '../api/problem.js';
import { type TriedOperation, callPreviewQuery } from '../api/try-it.js';
import { billedWords, meterWords, quotaWords, testCallsLeft } from './cost-words.js';
import classes from './panel.module.css';
import type { LimitState } from './receipt-fields.js';
import type { Caller } from './use-callers.js';

interface CostProps {
  readonly caller: Caller;
  readonly operation: TriedOperation;
  /** What the last answer said of its limits. */
  readonly limits: readonly LimitState[];
}

/** What the call costs and takes from quotas, before it is made. */
export function Cost({ caller: { organizationId, applicationId }, operation, limits }: CostProps) {
  const preview = useQuery(callPreviewQuery({ organizationId, applicationId }, operation));
  if (preview.isError) return <p className={classes.fault}>{wordsFor(preview.error)}</p>;
  if (!preview.data) return <p className={classes.note}>Asking what it costs …</p>;
  const { test, live, products } = preview.data;
  return (
    <dl className={classes.cost}>
      <dt>With a test key</dt>
      <dd>
        {test ? (
          <>
            <strong className={classes.positive}>Not billed.</strong> {testCallsLeft(test, limits)}.
          </>
        ) : (
          'Refused: this API is in no product yet.'
        )}
      </dd>
      <dt>With a live key</dt>
      <dd>
        {live ? (
          <>
            {live.isIncluded ? '' : `${live.plan.title} does not have this operation: calls are refused. `}
            <ul>
              {live.meters.map((meter) => (
                <li key={meter.slug}>{meterWords(meter, live.currency)}</li>
              ))}
              {live.quotas.map((quota) => (
                <li key={quota.name}>{quotaWords(quota)}</li>
              ))}
            </ul>
            {billedWords(live)} Plan: {live.product.title} {live.plan.title}.
          </>
        ) : (
          <>
            This application has no plan for it: calls are refused.{' '}
            {products.map(({ slug, title }) => (
              <a key={slug} href={`/products/${encodeURIComponent(slug)}`}>
                Choose a plan of {title}
              </a>
            ))}
          </>
        )}
      </dd>
    </dl>
  );
}
