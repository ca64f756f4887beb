/** A key that this page may use. It is in memory only: a reload forgets it. */
export interface HeldKey {
  readonly key: string;
  /** Without its secret. */
  readonly display: string;
  /** Null for a key of the developer's own. */
  readonly expiresAt: Date | null;
  /** When this page got it, by its own clock. */
  readonly heldAtMs: number;
}

const keys = new Map<string, HeldKey>();

/** The key that is held for an application and still works; null without one. */
export function heldKey(applicationId: string, nowMs: number): HeldKey | null {
  const held = keys.get(applicationId) ?? null;
  return held?.expiresAt && held.expiresAt.getTime() <= nowMs ? null : held;
}

export function holdKey(applicationId: string, key: HeldKey): void {
  keys.set(applicationId, key);
}

export function dropKey(applicationId: string): void {
  keys.delete(applicationId);
}
