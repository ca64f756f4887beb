import {
  type Change,
  type ChangedNoun,
  type Transaction,
  type UnitOfWork,
  readAllApplicationRecords,
  readAllCredentialRecords,
  readAllIdentityRecords,
  readAllSubscriptionRecords,
  readApplicationRecords,
  readCatalogRecord,
  readChangesAfter,
  readCredentialRecords,
  readIdentityRecords,
  readLastChangeNumber,
  readSubscriptionRecords,
} from '#persistence';
import type { Snapshot, SnapshotPart } from './snapshot.js';

const batchSize = 1_000;

export interface ChangeFeedOptions {
  readonly unitOfWork: UnitOfWork;
  readonly snapshot: Snapshot;
  /** The change log has a gap, or is older than the snapshot; all was read anew. */
  readonly onGap: (snapshotNumber: number) => void;
  /** These changes are in the snapshot now. */
  readonly onApplied: (changes: readonly Change[]) => void;
}

/** Brings the snapshot up to date from the numbered change log. */
export class ChangeFeed {
  constructor(private readonly options: ChangeFeedOptions) {}

  /** Reads everything. */
  load(): Promise<void> {
    return this.options.unitOfWork.inSystem((transaction) => this.loadIn(transaction));
  }

  /** Applies the changes since the last time. True when there were any. A gap in the numbers makes it read everything. */
  pull(): Promise<boolean> {
    return this.options.unitOfWork.inSystem(async (transaction) => {
      const { snapshot } = this.options;
      let hasChanged = false;
      for (;;) {
        const changes = await readChangesAfter(transaction, snapshot.number, batchSize);
        const hasGap = changes.some((change, index) => change.number !== snapshot.number + 1 + index);
        if (hasGap || (changes.length === 0 && (await readLastChangeNumber(transaction)) < snapshot.number)) {
          this.options.onGap(snapshot.number);
          await this.loadIn(transaction);
          return true;
        }
        if (changes.length === 0) return hasChanged;
        await this.applyIn(transaction, changes);
        hasChanged = true;
      }
    });
  }

  /** The number is read first: what changes after it may be in what is read next, and will be read once more. */
  private async loadIn(transaction: Transaction): Promise<void> {
    const number = await readLastChangeNumber(transaction);
    await this.options.snapshot.replace(number, readEverything(transaction));
  }

  private async applyIn(transaction: Transaction, changes: readonly Change[]): Promise<void> {
    const idsOf = (noun: ChangedNoun) => [
      ...new Set(changes.filter((change) => change.noun === noun).map((change) => change.nounId)),
    ];
    const subscriptionIds = idsOf('subscription');
    const subscriptions = await readUnlessNone(subscriptionIds, (ids) => readSubscriptionRecords(transaction, ids));
    const credentials = await readUnlessNone(idsOf('credential'), (ids) => readCredentialRecords(transaction, ids));
    const identityIds = idsOf('identity');
    const identities = await readUnlessNone(identityIds, (ids) => readIdentityRecords(transaction, ids));
    const owners = [...subscriptions, ...credentials, ...identities].map(({ applicationId }) => applicationId);
    const applicationIds = [...new Set([...idsOf('application'), ...owners])];
    const catalog = idsOf('catalog').length > 0 ? await readCatalogRecord(transaction) : null;
    await this.options.snapshot.prepare(catalog);
    this.options.snapshot.apply({
      number: changes.at(-1)!.number,
      catalog,
      applications: await readUnlessNone(applicationIds, (ids) => readApplicationRecords(transaction, ids)),
      subscriptionIds,
      subscriptions,
      credentials,
      identityIds,
      identities,
    });
    this.options.onApplied(changes);
  }
}

/** Applications come before what belongs to them. */
async function* readEverything(transaction: Transaction): AsyncGenerator<SnapshotPart> {
  yield { catalog: await readCatalogRecord(transaction) };
  for await (const applications of readAllApplicationRecords(transaction)) yield { applications };
  for await (const subscriptions of readAllSubscriptionRecords(transaction)) yield { subscriptions };
  for await (const credentials of readAllCredentialRecords(transaction)) yield { credentials };
  for await (const identities of readAllIdentityRecords(transaction)) yield { identities };
}

function readUnlessNone<Row>(ids: readonly string[], read: (ids: readonly string[]) => Promise<Row[]>): Promise<Row[]> {
  return ids.length === 0 ? Promise.resolve([]) : read(ids);
}
