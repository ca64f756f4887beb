import type { Tone } from '../components/status-badge.js';

const states: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  active: { label: 'Active', tone: 'positive' },
  canceled: { label: 'Canceled', tone: 'neutral' },
};

/** A subscription's state in a word, also one that this portal is too old to know. */
export function subscriptionState(state: string): { readonly label: string; readonly tone: Tone } {
  return states[state] ?? { label: state.replaceAll('_', ' '), tone: 'neutral' };
}
