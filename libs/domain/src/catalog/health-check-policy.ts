/** How gateways ask the targets of an upstream whether they are well. */
export interface HealthCheckPolicy {
  /** From the root of each target, query included; asked for by GET. */
  readonly path: string;
  readonly intervalSeconds: number;
  /** Until the head of the answer. */
  readonly timeoutSeconds: number;
  /** So many good answers in a row bring a target back. */
  readonly healthyAfter: number;
  /** So many other answers, or none, in a row leave it out. */
  readonly unhealthyAfter: number;
  /** The statuses of good answers; absent for any 2xx. */
  readonly expectedStatuses?: readonly number[] | undefined;
}
