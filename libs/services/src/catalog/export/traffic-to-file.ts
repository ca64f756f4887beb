import type { SubsetShare, TrafficPolicy } from '#domain';

/** The traffic of an upstream as a file has it, with the shares in force: a single share is a subset, none are refused. */
export function trafficToFile({ rules, defaultSplit }: TrafficPolicy) {
  return {
    rules: rules.map(({ split, writtenSplit: _written, ...rule }) => ({ ...rule, ...choiceOf(split) })),
    default: defaultSplit.length === 0 ? { refuse: true } : choiceOf(defaultSplit),
  };
}

function choiceOf(split: readonly SubsetShare[]) {
  const [only] = split;
  return split.length === 1 && only!.weight === 1 ? { subset: only!.subset } : { split };
}
