import type { ServiceStatus } from '#domain';

type State = ServiceStatus['calls'];

/** The whole in a line; the words of the portal's own page, which a test compares. */
export function statusWords({ calls, usage }: ServiceStatus): string {
  if (calls === 'down') return 'Calls are not answered';
  if (calls === 'degraded') return 'Some calls may fail';
  return usage === 'operational' ? 'All systems operational' : 'Usage shows later than usual';
}

/** Whether calls are answered. */
export const callsWords: Readonly<Record<State, string>> = {
  operational: 'Every gateway answers calls.',
  degraded: 'A gateway was not heard of for some seconds. The others answer.',
  down: 'No gateway was heard of for some seconds.',
};

/** Whether usage shows up as soon as it should. */
export const usageWords: Readonly<Record<State, string>> = {
  operational: 'Calls show up within seconds.',
  degraded: 'Calls are counted and kept; they show up and are billed later than usual.',
  down: 'Calls are counted and kept; they do not show up now.',
};
