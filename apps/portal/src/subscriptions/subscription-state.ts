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

const ended: readonly string[] = ['pending_approval', 'canceled'];

/**
 * A subscription's state in a word, also one that this portal is too old to know. The calls of a suspended organization are refused,
 * whatever the state of its subscriptions.
 */
export function subscriptionState(
  state: string,
  isOrganizationSuspended = false,
): { readonly label: string; readonly tone: Tone } {
  if (isOrganizationSuspended && !ended.includes(state)) return states['suspended']!;
  return states[state] ?? { label: state.replaceAll('_', ' '), tone: 'neutral' };
}
