import { type ReactNode, useState } from 'react';
import { ProblemError } from '../api/problem.js';
import { ProblemAlert } from './problem-alert.js';
import { hasFailed } from './query-state.js';

interface LoadedProps<Data> {
  /** Of one answer, or of one that comes page by page. */
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly errorUpdateCount: number;
    readonly refetch: () => Promise<unknown>;
  };
  /** As tall as what will take its place, so that nothing jumps. */
  readonly skeleton: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/**
 * The one place that decides between waiting, failure and data. Data already shown survives a failed refresh, and a
 * failure stays on screen while a page that renews itself tries again.
 */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  const [lastError, setLastError] = useState<unknown>(null);
  if (query.error && query.error !== lastError) setLastError(query.error);
  if (query.data !== undefined) return children(query.data);
  if (hasFailed(query)) {
    const error = query.error ?? lastError;
    // What is not there is not there when asked again.
    const isGone = error instanceof ProblemError && error.status === 404;
    return (
      <div style={{ padding: 16 }}>
        {isGone && <ProblemAlert error={error} title="Nothing to show here" />}
        {!isGone && (
          <ProblemAlert error={error} title="This could not be loaded" onRetry={() => void query.refetch()} />
        )}
      </div>
    );
  }
  return (
    <div aria-busy="true" role="status" aria-label="Loading">
      {skeleton}
    </div>
  );
}
