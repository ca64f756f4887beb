import type { Pepper } from '#domain';
import { countKeysByPepper } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * `current`: new keys are hashed with it. `kept`: keys made under it work. `missing`: it is not among the settings any
 * more, and its keys do not work.
 */
export type PepperState = 'current' | 'kept' | 'missing';

export interface PepperSummary {
  readonly pepperId: string;
  readonly state: PepperState;
  readonly keys: number;
  /** Neither revoked nor expired. */
  readonly liveKeys: number;
}

/** How many keys hang on each pepper, those of the settings first; a pepper with no live keys can be removed. */
export async function summarizePeppers(
  context: ServiceContext,
  peppers: readonly Pepper[],
): Promise<readonly PepperSummary[]> {
  const now = context.clock.now();
  const counts = await context.unitOfWork.inSystem((transaction) => countKeysByPepper(transaction, now));
  const configured = peppers.map(({ id }) => id);
  const missing = counts.map(({ pepperId }) => pepperId).filter((id) => !configured.includes(id));
  return [...configured, ...missing.toSorted()].map((pepperId, index) => {
    const { keys, liveKeys } = counts.find((count) => count.pepperId === pepperId) ?? { keys: 0, liveKeys: 0 };
    const state = index === 0 && configured.length > 0 ? 'current' : index < configured.length ? 'kept' : 'missing';
    return { pepperId, state, keys, liveKeys };
  });
}
