import type { Tone } from '../components/status-badge.js';

const states: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  pending_approval: { label: 'Waits for approval', tone: 'warning' },
  trialing: { label: 'Trial', tone: 'info' },
  active: { label: 'Active', tone: 'positive' },
  past_due: { label: 'Past due', tone: 'warning' },
  suspended: { label: 'Suspended', tone: 'danger' },
  cancel_scheduled: { label: 'Ends with its period', tone: 'warning' },
  canceled: { label: 'Canceled', tone: 'neutral' },
};

/** A subscription's state in a word, also one that this portal is too old to know. */
export function subscriptionState(state: string): { readonly label: string; readonly tone: Tone } {
  return states[state] ?? { label: state.replaceAll('_', ' '), tone: 'neutral' };
}
