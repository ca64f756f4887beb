import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { planPreviewQuery } from '../api/plans.js';
import type { PlanPreview, PlanTerms } from '../api/types.js';
import { faultsByPath } from './plan-terms.js';

/** What the server says of terms as they are typed. */
export interface LivePreview {
  /** The last prices that there were; undefined before the first ones. */
  readonly preview: PlanPreview | undefined;
  readonly faults: ReadonlyMap<string, string>;
  /** Why there is neither; null for nothing. */
  readonly error: unknown;
  /** True while the prices shown are not those of the terms. */
  readonly isStale: boolean;
}

/** Checks and prices terms a moment after they have changed. */
export function usePreview(product: string, terms: PlanTerms): LivePreview {
  const [asked] = useDebouncedValue(terms, 250);
  const query = useQuery(planPreviewQuery(product, asked));
  const [last, setLast] = useState<PlanPreview>();
  if (query.data && query.data !== last) setLast(query.data);
  const found = useMemo(() => faultsByPath(query.error), [query.error]);
  // Faults stay while the next answer is on its way: fields do not flicker between two letters.
  const [faults, setFaults] = useState(found);
  if (!query.isPending && faults !== found) setFaults(found);
  return {
    preview: query.data ?? last,
    faults,
    error: query.error !== null && found.size === 0 ? query.error : null,
    isStale: query.data === undefined || asked !== terms,
  };
}
