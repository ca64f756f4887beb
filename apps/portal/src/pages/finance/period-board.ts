import type { BillingPeriod } from '../../api/types.js';
import type { Tone } from '../../components/status-badge.js';

export interface BoardColumn {
  readonly state: BillingPeriod['state'];
  readonly label: string;
  readonly tone: Tone;
  readonly words: string;
  readonly periods: readonly BillingPeriod[];
}

/**
 * Periods by state: the open ones that end first on top, the closed ones that closed last on top. `due` says how many
 * open periods have ended already.
 */
export function boardOf(periods: readonly BillingPeriod[]): readonly BoardColumn[] {
  const inState = (state: BillingPeriod['state']) => periods.filter((period) => period.state === state);
  return [
    {
      state: 'open',
      label: 'Open',
      tone: 'info',
      words: 'Still counting.',
      periods: inState('open').toSorted((left, right) => left.end.localeCompare(right.end)),
    },
    {
      state: 'incomplete',
      label: 'Incomplete',
      tone: 'warning',
      words: 'Ended, but held until all usage is in.',
      periods: inState('incomplete').toSorted((left, right) => left.end.localeCompare(right.end)),
    },
    {
      state: 'closed',
      label: 'Closed',
      tone: 'positive',
      words: 'Final, and billed.',
      periods: inState('closed').toSorted((left, right) => (right.closedAt ?? '').localeCompare(left.closedAt ?? '')),
    },
  ];
}

/** How many open periods have ended by `at`, and so would be tried by closing then. */
export function dueBy(periods: readonly BillingPeriod[], at: Date): number {
  return periods.filter(({ state, end }) => state !== 'closed' && new Date(end) <= at).length;
}
