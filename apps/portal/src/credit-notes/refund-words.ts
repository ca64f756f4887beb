import type { Tone } from '../components/status-badge.js';

const states: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  pending: { label: 'Refund under way', tone: 'info' },
  succeeded: { label: 'Refunded to the card', tone: 'positive' },
  failed: { label: 'Refund failed: in the balance', tone: 'danger' },
};

/** Where a refund stands, also one in a state that this portal is too old to know. */
export function refundState(state: string | null): { readonly label: string; readonly tone: Tone } {
  return states[state ?? 'pending'] ?? { label: String(state), tone: 'neutral' };
}
