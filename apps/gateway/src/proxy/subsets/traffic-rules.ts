import type { CallMatch, SubsetShare, TrafficPolicy, TrafficRule } from '#domain';
import { type HeaderTest, compileHeaderTest, passesHeaderTest } from './header-test.js';
import { StickySplit } from './sticky-split.js';

/** What a call is chosen a subset for by. */
export interface Caller {
  /** The header fields as name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly applicationId: string;
  readonly organizationId: string;
  readonly productId: string;
  /** Null for test keys. */
  readonly planSlug: string | null;
}

/** The ids behind the names that rules have; what does not exist is in none of them, and nobody matches it. */
export interface KnownNames {
  readonly organizations: ReadonlyMap<string, string>;
  readonly applications: ReadonlyMap<string, string>;
  /** Ids by slug. */
  readonly products: ReadonlyMap<string, string>;
}

interface Condition {
  readonly headers: readonly HeaderTest[];
  /** Null where anybody will do. */
  readonly organizations: ReadonlySet<string> | null;
  readonly applications: ReadonlySet<string> | null;
  /** As product id, blank, slug of the plan. */
  readonly plans: ReadonlySet<string> | null;
}

interface Rule<Subset> {
  readonly alternatives: readonly Condition[];
  readonly split: StickySplit<Subset>;
}

/** Which subset of an upstream a call goes to: that of the first rule that matches it, else that of the default. */
export class TrafficRules<Subset> {
  /** Every subset that it may choose, as it finds it. */
  readonly all: readonly Subset[];
  private readonly rules: readonly Rule<Subset>[];
  private readonly defaultSplit: StickySplit<Subset>;

  /**
   * `versionId` keeps the splits of versions apart that have rules of the same name; `subsetFor` is a subset as the calls
   * of a rule find it, or those of none.
   */
  constructor(
    versionId: string,
    { rules, defaultSplit }: TrafficPolicy,
    subsetFor: (name: string, rule: TrafficRule | null) => Subset,
    names: KnownNames,
  ) {
    const all = new Set<Subset>();
    const splitOf = (shares: readonly SubsetShare[], rule: TrafficRule | null) => {
      const found = shares.map(({ subset: name, weight }) => ({ name, subset: subsetFor(name, rule), weight }));
      for (const { subset } of found) all.add(subset);
      // No rule has an empty name.
      return new StickySplit(`${versionId} ${rule?.name ?? ''}`, found);
    };
    this.rules = rules.map((rule) => ({
      alternatives: rule.match.map((one) => conditionOf(one, names)),
      split: splitOf(rule.split, rule),
    }));
    this.defaultSplit = splitOf(defaultSplit, null);
    this.all = [...all];
  }

  /** Null for a call that goes nowhere. */
  choose(caller: Caller): Subset | null {
    for (const { alternatives, split } of this.rules) {
      for (const condition of alternatives) if (matches(condition, caller)) return split.of(caller.applicationId);
    }
    return this.defaultSplit.of(caller.applicationId);
  }
}

function conditionOf({ headers = {}, organizations, applications, plans }: CallMatch, names: KnownNames): Condition {
  return {
    headers: Object.entries(headers).map(([name, match]) => compileHeaderTest(name, match)),
    organizations: organizations ? idsOf(organizations, names.organizations) : null,
    applications: applications ? idsOf(applications, names.applications) : null,
    plans: plans ? new Set(plans.map((plan) => placeOfPlan(plan, names.products))) : null,
  };
}

function idsOf(wanted: readonly string[], ids: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set(wanted.flatMap((name) => ids.get(name) ?? []));
}

function placeOfPlan(plan: string, products: ReadonlyMap<string, string>): string {
  const [product = '', slug = ''] = plan.split('/');
  return `${products.get(product) ?? '?'} ${slug}`;
}

function matches({ headers, organizations, applications, plans }: Condition, caller: Caller): boolean {
  if (organizations !== null && !organizations.has(caller.organizationId)) return false;
  if (applications !== null && !applications.has(caller.applicationId)) return false;
  if (plans !== null && (caller.planSlug === null || !plans.has(`${caller.productId} ${caller.planSlug}`)))
    return false;
  return headers.every((test) => passesHeaderTest(test, caller.rawHeaders));
}
