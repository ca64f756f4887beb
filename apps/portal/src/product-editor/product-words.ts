import type { MeterBinding, MeterInWords, ProductWords } from '../api/types.js';

export type ValueSource = NonNullable<MeterBinding['value']>['from'];

/** What a product begins with: one meter that counts calls. */
export const emptyWords: ProductWords = {
  title: '',
  summary: '',
  description: '',
  tags: [],
  taxCategory: 'standard',
  testQuota: 1_000,
  apis: [],
  meters: [
    {
      slug: 'requests',
      title: 'Requests',
      unit: 'request',
      aggregation: 'sum',
      distinctValue: null,
      bindings: [{ selector: '*', weight: '1' }],
    },
  ],
  creditPacks: [],
};

/** Where the number of units of a call comes from, in words. */
export const valueSources: Readonly<Record<ValueSource | 'none', string>> = {
  none: 'The same for every call',
  response_header: 'A header of the answer',
  response_json: 'A field of the JSON answer',
  request_bytes: 'Bytes of the request',
  response_bytes: 'Bytes of the answer',
  messages: 'Messages of a WebSocket',
  seconds: 'Seconds that it lasts',
};

/** What is counted once, in words. */
export const distinctSources: Readonly<Record<NonNullable<MeterInWords['distinctValue']>['from'], string>> = {
  credential: 'Keys',
  application: 'Applications',
  request_header: 'Values of a request header',
  report: 'Values in reported usage',
};

/** A meter to begin with, by a short name that no other has. */
export function newMeter(meters: readonly MeterInWords[]): MeterInWords {
  const taken = new Set(meters.map(({ slug }) => slug));
  let number = meters.length + 1;
  while (taken.has(`meter-${number}`)) number += 1;
  return {
    slug: `meter-${number}`,
    title: '',
    unit: 'unit',
    aggregation: 'sum',
    distinctValue: null,
    bindings: [{ selector: '*', weight: '1' }],
  };
}

/** The meter with another way to make units of events: what is counted once goes with `unique` only. */
export function withAggregation(meter: MeterInWords, aggregation: MeterInWords['aggregation']): MeterInWords {
  const distinctValue = aggregation === 'unique' ? (meter.distinctValue ?? { from: 'credential' as const }) : null;
  return { ...meter, aggregation, distinctValue };
}

/** The same with what it counts once: a header and a pointer go with their own source only. */
export function withDistinctSource(
  meter: MeterInWords,
  from: NonNullable<MeterInWords['distinctValue']>['from'],
): MeterInWords {
  const { header, pointer } = meter.distinctValue ?? {};
  return {
    ...meter,
    distinctValue: {
      from,
      ...(from === 'request_header' && { header: header ?? '' }),
      ...(from === 'report' && { pointer: pointer ?? '' }),
    },
  };
}

/** The binding with another source of a call's units: what belongs to the source before goes, the maximum stays where there can be one. */
export function withSource({ value, ...binding }: MeterBinding, source: ValueSource | 'none'): MeterBinding {
  if (source === 'none') return binding;
  const { pointer, header, maximum } = value ?? {};
  const readsHeader = source === 'response_header' || source === 'response_json';
  return {
    ...binding,
    value: {
      from: source,
      ...(source === 'response_json' && { pointer: pointer ?? '' }),
      ...(readsHeader && header !== undefined && { header }),
      ...(source !== 'seconds' && maximum !== undefined && { maximum }),
    },
  };
}

/** Tags as they are typed, with commas between them. */
export function tagsIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];
}

/** The APIs that are in the words before and not in those after. */
export function removedApis(before: ProductWords, after: ProductWords): string[] {
  return before.apis.filter((slug) => !after.apis.includes(slug));
}

/** What a binding may say of operations: all, tags, and single ones by id, else by method and path; each once. */
export function selectorsOf(
  routes: readonly {
    readonly operation: string;
    readonly tags: readonly string[];
  }[],
): string[] {
  const tags = routes.flatMap(({ tags: names }) => names.map((name) => `tag:${name}`));
  return [...new Set(['*', ...tags.toSorted(), ...routes.map(({ operation }) => operation)])];
}
