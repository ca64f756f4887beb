import type { Meter, Plan, PlanVersion } from '#domain';
import { contentHash } from '../catalog-change.js';
import { type PlanInFile, definitionOf, plan as planInFile, planFaults, planTerms, termsOf } from '../plan-in-file.js';
import type { ExportRemark, InFile } from './exported-catalog.js';
import { withoutDefaults } from './without-defaults.js';

/** A plan, or the reason why the file does not have it. */
export type PlanPart =
  | { readonly part: InFile; readonly remarks: readonly ExportRemark[] }
  | { readonly without: string };

export interface PlanToExport {
  readonly plan: Plan;
  /** But for those of one subscription, the newest first. */
  readonly versions: readonly PlanVersion[];
  /** How many organizations it is offered to. */
  readonly invitations: number;
}

/** A plan as a catalogue file has it: by its published version, else its draft, else its newest one. */
export function planToFile(
  { plan, versions, invitations }: PlanToExport,
  meters: readonly Meter[],
  index: number,
): PlanPart {
  const draft = versions.find(({ state }) => state === 'draft');
  const version = versions.find(({ state }) => state === 'published') ?? draft ?? versions[0];
  if (!version) return { without: `the plan "${plan.slug}" has no version` };
  const terms = planTerms.safeParse(withoutNulls(termsOf(version.definition)));
  const faults = terms.success
    ? planFaults(terms.data, meters).map(({ path, message }) => `${path}: ${message}`)
    : terms.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (version.state === 'retired' && faults.length > 0)
    return { without: `the plan "${plan.slug}" is retired and would be refused by now (${faults[0]})` };
  const { slug, title, summary, visibility } = plan;
  const whole = {
    ...(terms.success ? terms.data : termsOf(version.definition)),
    slug,
    title,
    summary,
    visibility,
    ...(plan.position === index ? {} : { position: plan.position }),
    state: version.state as PlanInFile['state'],
  };
  const texts = [
    ...faults.map((fault) => `apply refuses this plan. ${fault}`),
    ...(terms.success && contentHash(definitionOf(terms.data, meters)) !== version.definitionHash
      ? ['Applied here this makes a new version of the plan: its meters have changed since it was published.']
      : []),
    ...(draft && draft !== version ? ['Its draft is not in this file, which has one version of each plan.'] : []),
    ...(invitations > 0
      ? [
          `The ${invitations} organizations that are invited here are not in this file: invitations stay as they are where it is applied.`,
        ]
      : []),
  ];
  return {
    part: withoutDefaults(planInFile, whole) as InFile,
    remarks: texts.map((text) => ({ path: [], text })),
  };
}

/** Stored definitions have no key for what they do not say. */
function withoutNulls(terms: object): object {
  return JSON.parse(JSON.stringify(terms)) as object;
}
