import type { Application, UsageRequest } from '../api/types.js';

export type StepName = 'application' | 'plan' | 'key' | 'call';

export interface Step {
  readonly name: StepName;
  readonly done: boolean;
  /** The first step that is not done: the one to do now. */
  readonly current: boolean;
}

export interface GettingStarted {
  readonly steps: readonly Step[];
  readonly doneCount: number;
  readonly complete: boolean;
  /** The earliest success among the requests given; null until there is one. */
  readonly firstSuccess: UsageRequest | null;
}

/**
 * How far an organization has come on the way to its first success. A later step proves the earlier ones: a call that
 * was answered needed a key, whether or not the key still exists.
 */
export function gettingStarted(
  applications: readonly Application[],
  requests: readonly UsageRequest[],
  succeededBefore: boolean,
): GettingStarted {
  const firstSuccess = requests.findLast(({ status }) => status >= 200 && status < 300) ?? null;
  const done: Readonly<Record<StepName, boolean>> = {
    application: applications.length > 0,
    plan: applications.some(({ subscriptions }) => subscriptions.some(({ state }) => state !== 'canceled')),
    key: applications.some(({ credentialCount }) => credentialCount > 0),
    call: firstSuccess !== null || succeededBefore,
  };
  const names: readonly StepName[] = ['application', 'plan', 'key', 'call'];
  const complete = done.call;
  const current = complete ? null : (names.find((name) => !done[name]) ?? null);
  const steps = names.map((name) => ({ name, done: complete || done[name], current: name === current }));
  return { steps, doneCount: steps.filter((step) => step.done).length, complete, firstSuccess };
}
