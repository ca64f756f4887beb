/** Which answers of an API version the gateway may keep and give again (RFC 9111). */
export interface CachePolicy {
  /** The first whose selector matches an operation holds; only GET is ever kept. */
  readonly routes: readonly CacheRoute[];
}

export interface CacheRoute {
  /** As of a meter's binding. */
  readonly selector: string;
  /** `consumer`: each application has its own answers. `shared`: one answer for all, unless the upstream says private. */
  readonly scope: 'consumer' | 'shared';
  /** How long an answer is fresh that says nothing about it. Absent: such answers are not kept. */
  readonly ttlSeconds?: number | undefined;
  /** Longer bodies are not kept. */
  readonly maxBodyBytes: number;
}
