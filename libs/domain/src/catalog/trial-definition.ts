import type { PlanDefinition, TrialDefinition } from './plan-definition.js';

/** The plan as it holds during its trial: nothing costs anything, and the trial's hard quotas come before its own. */
export function trialDefinition(definition: PlanDefinition & { readonly trial: TrialDefinition }): PlanDefinition {
  const { trial, fixedFeeDue: _due, setupFee: _setupFee, ...plan } = definition;
  const limited = new Set(trial.quotas.map(({ meter }) => meter));
  return {
    ...plan,
    fixedFee: '0',
    prices: [],
    quotas: [
      ...trial.quotas.map((quota) => ({ ...quota, enforcement: 'hard' as const })),
      ...plan.quotas.filter(({ meter }) => !limited.has(meter)),
    ],
  };
}

/** What a phase holds to: the plan, or its trial. */
export function definitionOfPhase(definition: PlanDefinition, isTrial: boolean): PlanDefinition {
  const { trial } = definition;
  return isTrial && trial ? trialDefinition({ ...definition, trial }) : definition;
}
