export {
  type PlanDraft,
  type PlanPage,
  type ShownOffer,
  changePlanOffer,
  createPlan,
  createPlanDraft,
  deletePlanDraft,
  findPlanDraft,
  findPlanPage,
  publishPlanDraft,
  replacePlanDraft,
  retirePlan,
} from './edit-plan.js';
export { type Migration, type MigrationNotice, migrateSubscribers } from './migrate-subscribers.js';
export { planDifferences } from './plan-differences.js';
export { type PlanPreview, previewPlan } from './preview-plan.js';
export { findPublisherPlanVersion, listPublisherPlanVersions } from './publisher-plan-versions.js';
export { simulatePlanDraft } from './simulate-plan-draft.js';
export {
  type PlanSimulation,
  type SimulatePlanInput,
  type SimulatedPeriod,
  type SimulatedSubscription,
  differenceOf,
  simulatePlan,
} from './simulate-plan.js';
