import type { ApplicationRecord, CatalogRecord, CredentialRecord, PhaseRecord, SubscriptionRecord } from '#persistence';
import { type Catalog, type CatalogOptions, buildCatalog, emptyCatalog } from './catalog.js';
import { CredentialStore } from './credential-store.js';

export interface SubscriptionEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly anchorMs: number;
  readonly createdAtMs: number;
  readonly phases: readonly PhaseRecord[];
}

export interface ApplicationEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly isSuspended: boolean;
  /** The active ones, the oldest first: it pays where two products contain the same API. */
  readonly subscriptions: readonly SubscriptionEntry[];
}

/** What the control plane says at one number of the change log; also the form in which it is kept on disk. */
export interface SnapshotContent {
  readonly number: number;
  readonly catalog: CatalogRecord;
  readonly applications: readonly ApplicationRecord[];
  readonly subscriptions: readonly SubscriptionRecord[];
  readonly credentials: readonly CredentialRecord[];
}

/** What has changed up to `number`: the present state of everything that was named. */
export interface SnapshotChange {
  readonly number: number;
  /** Null when the catalogue has not changed. */
  readonly catalog: CatalogRecord | null;
  readonly applications: readonly ApplicationRecord[];
  /** Of these subscriptions, those that are not in `subscriptions` are not active any more. */
  readonly subscriptionIds: readonly string[];
  readonly subscriptions: readonly SubscriptionRecord[];
  readonly credentials: readonly CredentialRecord[];
}

/** Everything that a request is decided by, in memory. Entries never change; a change puts new ones in their place. */
export class Snapshot {
  /** The last change that is in it. */
  number = 0;
  catalog: Catalog = emptyCatalog();
  credentials = new CredentialStore();
  readonly applications = new Map<string, ApplicationEntry>();
  private readonly applicationBySubscription = new Map<string, string>();
  private catalogRecord: CatalogRecord = { versions: [], products: [], planVersions: [] };

  constructor(private readonly catalogOptions: CatalogOptions) {}

  /** Forgets all and holds this instead. */
  replace(content: SnapshotContent): void {
    this.credentials = new CredentialStore();
    this.applications.clear();
    this.applicationBySubscription.clear();
    this.apply({ ...content, subscriptionIds: [] });
  }

  apply(change: SnapshotChange): void {
    if (change.catalog) {
      this.catalogRecord = change.catalog;
      this.catalog = buildCatalog(change.catalog, this.catalogOptions);
    }
    for (const record of change.applications) {
      const subscriptions = this.applications.get(record.id)?.subscriptions ?? [];
      this.applications.set(record.id, { ...record, subscriptions });
    }
    for (const id of change.subscriptionIds) this.removeSubscription(id);
    for (const record of change.subscriptions) this.addSubscription(record);
    for (const record of change.credentials) this.credentials.set(record);
    this.number = change.number;
  }

  /** The content in parts that are small enough to be written one after the other without holding anything up. */
  *parts(): Generator<Omit<Partial<SnapshotContent>, 'number'>> {
    yield { catalog: this.catalogRecord };
    for (const applications of inBatches(this.applications.values())) {
      yield {
        applications: applications.map(({ id, organizationId, isSuspended }) => ({ id, organizationId, isSuspended })),
        subscriptions: applications.flatMap(({ subscriptions }) => subscriptions),
      };
    }
    for (const credentials of inBatches(this.credentials.records())) yield { credentials };
  }

  private addSubscription(record: SubscriptionRecord): void {
    const application = this.applications.get(record.applicationId);
    if (!application) return;
    const subscriptions = application.subscriptions
      .filter(({ id }) => id !== record.id)
      .concat(record)
      .toSorted((left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1));
    this.applications.set(application.id, { ...application, subscriptions });
    this.applicationBySubscription.set(record.id, application.id);
  }

  private removeSubscription(id: string): void {
    const application = this.applications.get(this.applicationBySubscription.get(id) ?? '');
    if (!application) return;
    const subscriptions = application.subscriptions.filter((subscription) => subscription.id !== id);
    this.applications.set(application.id, { ...application, subscriptions });
    this.applicationBySubscription.delete(id);
  }
}

const batchSize = 1_000;

function* inBatches<Item>(items: Iterable<Item>): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
