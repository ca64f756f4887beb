import type { SuspensionReason } from '#domain';
import type {
  ApplicationRecord,
  CatalogRecord,
  CredentialRecord,
  IdentityRecord,
  PhaseRecord,
  SubscriptionRecord,
} from '#persistence';
import { type Catalog, type CatalogOptions, buildCatalog, emptyCatalog } from './catalog.js';
import { CredentialStore } from './credential-store.js';
import { IdentityStore } from './identity-store.js';

export interface SubscriptionEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly apiProductId: string;
  readonly anchorMs: number;
  readonly createdAtMs: number;
  readonly suspendedFor: readonly SuspensionReason[];
  readonly hasMoneyCap: boolean;
  readonly phases: readonly PhaseRecord[];
}

export interface ApplicationEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly isSuspended: boolean;
  /** The active ones, the oldest first: it pays where two products contain the same API. */
  readonly subscriptions: readonly SubscriptionEntry[];
}

/**
 * A part of what the control plane says at one number of the change log; also the form in which it is kept on disk. An
 * application comes no later than what belongs to it.
 */
export interface SnapshotPart {
  readonly catalog?: CatalogRecord;
  readonly applications?: readonly ApplicationRecord[];
  readonly subscriptions?: readonly SubscriptionRecord[];
  readonly credentials?: readonly CredentialRecord[];
  readonly identities?: readonly IdentityRecord[];
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
  /** Of these identities, those that are not in `identities` are gone. */
  readonly identityIds: readonly string[];
  readonly identities: readonly IdentityRecord[];
}

/** Everything that a request is decided by, in memory. Entries never change; a change puts new ones in their place. */
export class Snapshot {
  /** The last change that is in it. */
  number = 0;
  catalog: Catalog = emptyCatalog();
  credentials = new CredentialStore();
  applications = new Map<string, ApplicationEntry>();
  private applicationBySubscription = new Map<string, string>();
  identities = new IdentityStore();
  private catalogRecord: CatalogRecord = { versions: [], products: [], planVersions: [] };

  constructor(
    private readonly catalogOptions: CatalogOptions,
    /** Told of each new catalogue, before requests are decided by it. */
    private readonly onCatalog: (catalog: Catalog) => void = () => undefined,
  ) {}

  /** Holds this instead, from the moment when all of it is there; serves what it held until then. */
  async replace(number: number, parts: AsyncIterable<SnapshotPart> | Iterable<SnapshotPart>): Promise<void> {
    const next = new Snapshot(this.catalogOptions);
    for await (const part of parts) {
      await this.prepare(part.catalog ?? null);
      next.add(part);
    }
    this.onCatalog(next.catalog);
    this.catalogRecord = next.catalogRecord;
    this.catalog = next.catalog;
    this.applications = next.applications;
    this.applicationBySubscription = next.applicationBySubscription;
    this.credentials = next.credentials;
    this.identities = next.identities;
    this.number = number;
  }

  /** Loads what a catalogue needs that others do not: before it is applied. */
  async prepare(catalog: CatalogRecord | null): Promise<void> {
    const isTranslated =
      catalog !== null && catalog.versions.some(({ policies }) => policies.translation !== undefined);
    if (isTranslated) await this.catalogOptions.translations.load();
  }

  /** A catalogue among the changes is prepared. */
  apply(change: SnapshotChange): void {
    for (const id of change.subscriptionIds) this.removeSubscription(id);
    for (const id of change.identityIds) this.identities.remove(id);
    const { catalog, ...others } = change;
    this.add(catalog ? { ...others, catalog } : others);
    this.number = change.number;
  }

  /** The content in parts that are small enough to be written one after the other without holding anything up. */
  *parts(): Generator<SnapshotPart> {
    yield { catalog: this.catalogRecord };
    for (const applications of inBatches(this.applications.values())) {
      yield {
        applications: applications.map(({ id, organizationId, isSuspended }) => ({ id, organizationId, isSuspended })),
        subscriptions: applications.flatMap(({ subscriptions }) => subscriptions),
      };
    }
    for (const credentials of inBatches(this.credentials.records())) yield { credentials };
    for (const identities of inBatches(this.identities.records())) yield { identities };
  }

  private add({
    catalog,
    applications = [],
    subscriptions = [],
    credentials = [],
    identities = [],
  }: SnapshotPart): void {
    if (catalog) {
      const built = buildCatalog(catalog, this.catalogOptions);
      this.onCatalog(built);
      this.catalogRecord = catalog;
      this.catalog = built;
    }
    for (const record of applications) {
      const known = this.applications.get(record.id)?.subscriptions ?? [];
      this.applications.set(record.id, { ...record, subscriptions: known });
    }
    for (const record of subscriptions) this.addSubscription(record);
    for (const record of credentials) this.credentials.set(record);
    for (const record of identities) this.identities.add(record);
  }

  private addSubscription(record: SubscriptionRecord): void {
    const application = this.applications.get(record.applicationId);
    if (!application) return;
    const subscriptions = application.subscriptions
      .filter(({ id }) => id !== record.id)
      .concat(toEntry(record))
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

function toEntry({ paymentState, suspendedFor, ...record }: SubscriptionRecord): SubscriptionEntry {
  return { ...record, suspendedFor: suspendedFor ?? (paymentState === 'suspended' ? ['payment'] : []) };
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
