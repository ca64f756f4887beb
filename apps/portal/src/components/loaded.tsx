import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.js';

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** As tall as what will take its place, so that nothing jumps. */
  readonly skeleton: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** The one place that decides between waiting, failure and data. Data already shown survives a failed refresh. */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <div style={{ padding: 16 }}>
        <ProblemAlert error={query.error} title="This could not be loaded" onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return (
    <div aria-busy="true" role="status" aria-label="Loading">
      {skeleton}
    </div>
  );
}
