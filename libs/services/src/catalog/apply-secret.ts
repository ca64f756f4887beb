import { openSecret, sealSecret } from '#domain';
import { findSecret, insertSecret } from '#persistence';
import type { ApplyWork } from './apply-catalog.js';
import type { FieldChange } from './catalog-change.js';

export interface SecretToApply {
  readonly currentId: string | null;
  readonly value: string | null;
  readonly purpose: string;
  /** As changes show it. */
  readonly field: string;
}

/** Seals a new or changed secret; an unchanged one keeps its row, so that applying twice changes nothing. */
export async function applySecret(
  work: Pick<ApplyWork, 'context' | 'transaction' | 'encryptionKeys'>,
  { currentId, value, purpose, field }: SecretToApply,
) {
  const { context, transaction, encryptionKeys } = work;
  const stored = currentId ? await findSecret(transaction, currentId) : null;
  const current = stored ? openSecret(stored, purpose, encryptionKeys) : null;
  if (current === value) return { id: currentId, changes: [] };
  const change: FieldChange = {
    field,
    from: current === null ? null : '(sealed)',
    to: value === null ? null : '(sealed)',
  };
  if (value === null) return { id: null, changes: [change] };
  const id = context.ids.next();
  const sealed = sealSecret(value, purpose, encryptionKeys, context.fillRandom);
  await insertSecret(transaction, { id, purpose, ...sealed }, context.clock.now());
  return { id, changes: [change] };
}
