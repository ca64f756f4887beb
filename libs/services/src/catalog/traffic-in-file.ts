import type { TrafficPolicy } from '#domain';
import { linearPattern } from '#openapi';
import { z } from 'zod';
import { headerName } from './meter-bindings-in-file.js';
import { responseTimeoutMs, retriesSchema } from './policies/resilience.js';
import { slug } from './slug-in-file.js';

export const subsetName = slug.describe('The subset that it is in, for traffic.');

const text = z.string().max(1_000);
const headerMatch = z
  .strictObject({
    exact: text.optional(),
    prefix: text.min(1).optional(),
    regex: text
      .min(1)
      .refine(
        (pattern) => linearPattern(pattern) !== null,
        'expected a pattern without look-around and back references',
      )
      .optional()
      .describe('For the whole value.'),
    present: z.boolean().optional(),
  })
  .refine((match) => Object.values(match).filter((part) => part !== undefined).length === 1, {
    error: 'give one of exact, prefix, regex and present',
  })
  .describe('What one of the values of the field must be.');

const names = <Name extends z.ZodType<string>>(name: Name) => z.array(name).min(1).max(1_000);

const callMatch = z
  .strictObject({
    headers: z
      .record(headerName, headerMatch)
      .refine((headers) => Object.keys(headers).length <= 20, 'expected at most 20 fields')
      .optional()
      .describe('By the name of the field; all of them.'),
    organizations: names(slug).optional().describe('Slugs; one of them.'),
    applications: names(
      z
        .string()
        .max(200)
        .regex(
          /^[a-z0-9-]+\/\S(.*\S)?$/,
          'expected ORGANIZATION/APPLICATION: the slug of the one, the name of the other',
        ),
    )
      .optional()
      .describe('As "organization/application", slug and name; one of them.'),
    plans: names(z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'expected PRODUCT/PLAN, such as atlas/pro'))
      .optional()
      .describe('As "product/plan", by what pays for the call; one of them. Test keys have no plan.'),
  })
  .refine((match) => Object.values(match).some((part) => part !== undefined && Object.keys(part).length > 0), {
    error: 'say what calls match: headers, organizations, applications or plans',
  });

const split = z
  .array(
    z.strictObject({
      subset: slug,
      weight: z.number().int().min(0).max(1_000_000).describe('Its share of the sum of all.'),
    }),
  )
  .min(1)
  .max(50);

const choice = {
  subset: slug.optional().describe('Where all of them go; or give split.'),
  split: split.optional().describe('Shares of subsets. An application stays with one.'),
};

const rule = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected a short name such as testers')
    .describe('Where applications end up in a split depends on it.'),
  retries: retriesSchema.optional().describe('Of its calls, in the place of the upstream’s.'),
  responseTimeoutMs: responseTimeoutMs.optional().describe('Of its calls, in the place of the upstream’s.'),
  match: z.array(callMatch).min(1).max(50).describe('Alternatives: one is enough, with all that it says.'),
  ...choice,
});

/** The section `traffic` of an upstream. */
export const trafficInFile = z
  .strictObject({
    rules: z.array(rule).max(50).default([]).describe('The first that matches decides.'),
    default: z
      .strictObject({ ...choice, refuse: z.literal(true).optional().describe('With 404.') })
      .describe('For the calls that no rule matches: subset, split, or refuse.'),
  })
  .describe('Which subset of the targets a call goes to.');

type TrafficInFile = z.output<typeof trafficInFile>;
type ChoiceInFile = TrafficInFile['default'];

/** A fault of an upstream's traffic, at a path below the upstream. */
export interface TrafficFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the traffic of an upstream with these targets; empty when it is sound. */
export function trafficFaults(
  targets: readonly { readonly subset?: string | undefined }[],
  traffic: TrafficInFile | undefined,
): readonly TrafficFault[] {
  const subsets = new Set(targets.flatMap(({ subset }) => subset ?? []));
  if (!traffic) {
    if (subsets.size === 0) return [];
    return [{ path: ['traffic'], message: 'targets are in subsets: say by traffic.default which of them calls go to' }];
  }
  if (targets.length === 0)
    return [{ path: ['traffic'], message: 'it chooses among subsets of targets: give targets' }];
  const choices = [
    ...traffic.rules.map((one, index) => ({ path: ['traffic', 'rules', index], choice: one as ChoiceInFile })),
    { path: ['traffic', 'default'], choice: traffic.default },
  ];
  const used = new Set(choices.flatMap(({ choice: one }) => sharesOf(one)).map(({ subset }) => subset));
  return [
    ...targets.flatMap(({ subset }, index): TrafficFault[] => {
      const path = ['targets', index, 'subset'];
      if (subset === undefined) return [{ path, message: 'this target is in no subset, so nothing would reach it' }];
      if (used.has(subset)) return [];
      return [{ path, message: `nothing in traffic names the subset "${subset}": one that is to wait has weight 0` }];
    }),
    ...duplicateRules(traffic),
    ...choices.flatMap(({ path, choice: one }) => choiceFaults(path, one, subsets)),
  ];
}

function duplicateRules({ rules }: TrafficInFile): TrafficFault[] {
  return rules.flatMap(({ name }, index) =>
    rules.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: ['traffic', 'rules', index, 'name'], message: `another rule has the name "${name}"` }],
  );
}

function choiceFaults(
  path: readonly (string | number)[],
  { subset, split: shares, refuse }: ChoiceInFile,
  subsets: ReadonlySet<string>,
): TrafficFault[] {
  if ([subset, shares, refuse].filter((part) => part !== undefined).length !== 1)
    return [{ path, message: 'give one of subset and split' }];
  if (refuse) return [];
  const unknown = (name: string) =>
    `no target is in a subset "${name}"${subsets.size === 0 ? '' : `: there are ${[...subsets].join(', ')}`}`;
  if (shares === undefined)
    return subsets.has(subset!) ? [] : [{ path: [...path, 'subset'], message: unknown(subset!) }];
  const faults = shares.flatMap(({ subset: name }, index): TrafficFault[] => {
    const at = [...path, 'split', index, 'subset'];
    if (!subsets.has(name)) return [{ path: at, message: unknown(name) }];
    if (shares.findIndex((other) => other.subset === name) === index) return [];
    return [{ path: at, message: `the subset "${name}" has a share already` }];
  });
  if (shares.some(({ weight }) => weight > 0)) return faults;
  return [...faults, { path: [...path, 'split'], message: 'the weights are 0 in sum: somebody must get the calls' }];
}

function sharesOf({ subset, split: shares = [] }: ChoiceInFile): TrafficPolicy['defaultSplit'] {
  return subset === undefined ? shares : [{ subset, weight: 1 }];
}

/** The traffic of an upstream as it is stored. */
export function trafficOf({ rules, default: rest }: TrafficInFile): TrafficPolicy {
  return {
    rules: rules.map(({ subset, split: shares, ...others }) => ({
      ...others,
      split: sharesOf({ subset, split: shares }),
    })),
    defaultSplit: sharesOf(rest),
  };
}
