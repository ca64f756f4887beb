import type { ServiceStatus } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';

type State = ServiceStatus['calls'];

export const stateLabels: Record<State, { readonly label: string; readonly tone: Tone }> = {
  operational: { label: 'Operational', tone: 'positive' },
  degraded: { label: 'Degraded', tone: 'warning' },
  down: { label: 'Down', tone: 'danger' },
};

/** The whole in a line. */
export function statusWords({ calls, usage }: Pick<ServiceStatus, 'calls' | 'usage'>): string {
  if (calls === 'down') return 'Calls are not answered';
  if (calls === 'degraded') return 'Some calls may fail';
  return usage === 'operational' ? 'All systems operational' : 'Usage shows later than usual';
}

/** The worst of its parts. */
export function statusTone({ calls, usage }: Pick<ServiceStatus, 'calls' | 'usage'>): Tone {
  if (calls !== 'operational') return stateLabels[calls].tone;
  return stateLabels[usage].tone;
}

export const callsWords: Record<State, string> = {
  operational: 'Every gateway answers calls.',
  degraded: 'A gateway was not heard of for some seconds. The others answer.',
  down: 'No gateway was heard of for some seconds.',
};

export const usageWords: Record<State, string> = {
  operational: 'Calls show up within seconds.',
  degraded: 'Calls are counted and kept; they show up and are billed later than usual.',
  down: 'Calls are counted and kept; they do not show up now.',
};
