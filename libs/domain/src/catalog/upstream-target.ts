/** How requests are shared among the targets of an upstream. */
export const BALANCINGS = ['round-robin', 'least-requests'] as const;

export type Balancing = (typeof BALANCINGS)[number];

/** One of several places where an upstream is. */
export interface UpstreamTarget {
  readonly url: string;
  /** Its share among the others, of the same subset where there are some. */
  readonly weight: number;
  /** The subset that it is in, where the upstream has some. */
  readonly subset?: string | undefined;
}
