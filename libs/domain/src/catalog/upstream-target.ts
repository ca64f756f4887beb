/** How requests are shared among the targets of an upstream. */
export const BALANCINGS = ['round-robin', 'least-requests'] as const;

export type Balancing = (typeof BALANCINGS)[number];

/** One of several places where an upstream is. */
export interface UpstreamTarget {
  readonly url: string;
  /** Its share among the others. */
  readonly weight: number;
}
