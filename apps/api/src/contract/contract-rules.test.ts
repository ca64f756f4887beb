import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

const document = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const operations = Object.entries(document.paths).flatMap(([template, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method, template, operation })),
);

/** Changes that need not say what they are a change of, and why. */
const UNTAGGED: Readonly<Record<string, string>> = {
  renameUser: 'Only a person themselves changes their name.',
  grantStaffRole: 'Gives one role and overwrites nothing: the roles are members of a set.',
  setSellerTax: 'One of two words, which says all that there is of it.',
  renameApi: 'One title, which says all that there is of it.',
  setTaxCode: 'One code, which says all that there is of it.',
  joinPublisherTeam: 'Adds to one team and overwrites nothing: the teams are members of a set.',
};

/** Answers with lists that come whole, and why. What stands at the address of one thing is a part of it, and not asked for here. */
const WHOLE: Readonly<Record<string, string>> = {
  readHealth: 'A hundred findings, the kinds of queues, and the workers of one hour.',
  listQueues: 'The kinds of queues are fixed.',
  readInstallationSettings: 'The settings are fixed, and of the processes there are 200 at most.',
  listQueuedJobs: 'As many as are asked for, 50 at most: a queue moves on while it is read, so it has no pages.',
  readSession: 'What one person may do: their organizations (20 of their own at most), roles and teams.',
  previewPersonDeletion: 'What stands in the way of one person, of whom all is looked at.',
  previewOrganizationDeletion: 'A hindrance is there once, of the few kinds that there are.',
  readChanges: 'The difference of two documents, which are bounded.',
  search: 'As many hits as are asked for, 50 at most.',
  readPlans: 'One file for machines that read all prices.',
  listWebhookEventTypes: 'The kinds of events are fixed.',
  listWebhookEndpoints: 'An organization has at most so many as `maxEndpoints` says.',
  findEntitlements: 'The operations of one product, whose documents are bounded.',
  currentUsage: 'One answer about the periods that are under way: its sum is of all of them.',
  usageSeries: 'A span has at most so many buckets.',
  usageBreakdown: 'A span has at most so many buckets, of as many groups as are asked for.',
  productUsage: 'A span has at most so many days, of as many groups as are asked for.',
  productTraffic: 'A span has at most so many buckets, of as many groups as are asked for.',
  apiVersionTraffic: 'A span has at most so many buckets, of as many groups as are asked for.',
  refusedCalls: 'A span has at most so many buckets, and the kinds with the most calls are a hundred.',
  productRefusedCalls: 'A span has at most so many buckets, and the kinds with the most calls are a hundred.',
  findVersionSplits: 'The rules of one version, 50 at most.',
  productRevenue: 'A span has at most so many months, of the plans of one product.',
  exportInvoiceJson: 'One invoice as a file.',
  exportAnyInvoiceJson: 'One invoice as a file.',
  findBillingDetails: 'Lines of an address and tax numbers, ten at most.',
  findAnyBillingDetails: 'Lines of an address and tax numbers, ten at most.',
  readCredits: 'One statement: what is in store is the sum of its grants.',
  readAnyCredits: 'One statement: what is in store is the sum of its grants.',
  listUnpaidInvoices: 'What is owed is the sum of them, and access ends long before they are many.',
  listAccounts: 'The accounts of the books are fixed, and the plans that finance has named by hand are few.',
  readPeriodBoard: 'Its columns are the states of a period.',
  verify: 'Each check is there once.',
  findPlanDraft: 'The differences of two definitions, which are bounded.',
  readInbox: 'The inbox of a demo keeps the latest mails only.',
  listSigningKeys: 'A set of keys is read whole by all who verify, and old ones go.',
};

it('lets nobody overwrite unseen what somebody else has changed: every change takes If-Match, or there is a reason', () => {
  const changes = operations.filter(({ method }) => method === 'put' || method === 'patch');
  const untagged = changes.filter(
    ({ operation: { parameters = [] } }) => !parameters.some(({ name }) => name === 'if-match'),
  );
  expect(idsOf(untagged)).toEqual(Object.keys(UNTAGGED).toSorted());
});

it('answers no list without bound: every one comes page by page, or there is a reason', () => {
  const lists = operations.filter(({ method, template, operation }) => {
    if (method !== 'get' || template.endsWith('}')) return false;
    const properties = Object.entries(answerOf(operation)?.properties ?? {});
    return properties.some(([, schema]) => resolved(schema).type === 'array') || answerOf(operation)?.type === 'array';
  });
  const whole = lists.filter(({ operation }) => !('next' in (answerOf(operation)?.properties ?? {})));
  expect(idsOf(whole)).toEqual(Object.keys(WHOLE).toSorted());
  const paged = lists.filter((one) => !whole.includes(one));
  const unaskable = paged.filter(({ operation: { parameters = [] } }) => {
    const names = parameters.map(({ name }) => name);
    return !names.includes('limit') || !(names.includes('after') || names.includes('before'));
  });
  expect(idsOf(unaskable)).toEqual([]);
});

function answerOf({ responses }: Operation): Schema | undefined {
  const schema = responses['200']?.content?.['application/json']?.schema;
  return schema && resolved(schema);
}

function resolved(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1)!]!;
}

function idsOf(found: readonly { readonly operation: Operation }[]): string[] {
  return found.map(({ operation }) => operation.operationId).toSorted();
}
