import type { DocumentChange } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';

type Severity = DocumentChange['severity'];

/** The changes of one operation, or those of the API as a whole. */
export interface ChangeGroup {
  /** "GET /countries"; null for the API as a whole. */
  readonly operation: string | null;
  readonly isBreaking: boolean;
  readonly changes: readonly DocumentChange[];
}

const ranks: Readonly<Record<Severity, number>> = { breaking: 0, non_breaking: 1, docs: 2 };

/** How a change matters to callers, in words. */
export const severityWords: Readonly<Record<Severity, { readonly label: string; readonly tone: Tone }>> = {
  breaking: { label: 'Breaking', tone: 'danger' },
  non_breaking: { label: 'Not breaking', tone: 'neutral' },
  docs: { label: 'Docs only', tone: 'neutral' },
};

/** Changes by operation, those that break callers first, among the groups and within each; else in their order. */
export function groupChanges(changes: readonly DocumentChange[]): readonly ChangeGroup[] {
  const byOperation = Map.groupBy(changes, ({ operation }) =>
    operation ? `${operation.method} ${operation.template}` : null,
  );
  return [...byOperation]
    .map(([operation, own]) => ({ operation, rank: Math.min(...own.map(rankOf)), changes: own }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ operation, rank, changes: own }) => ({
      operation,
      isBreaking: rank === ranks.breaking,
      changes: own.toSorted((one, other) => rankOf(one) - rankOf(other)),
    }));
}

function rankOf({ severity }: DocumentChange): number {
  return ranks[severity];
}
