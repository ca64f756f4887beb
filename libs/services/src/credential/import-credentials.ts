import {
  type Credential,
  InvalidError,
  type Mode,
  TollgateError,
  generateApiKey,
  hasOwnKeyForm,
  hashImportedKey,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendChanges,
  appendToAuditLog,
  findActiveSubscription,
  findApplicationIdNamed,
  findImportedCredentials,
  findOrganizationIdNamed,
  insertCredentials,
  listImportedSalts,
} from '#persistence';
import { createApplicationWithin } from '../consumer/create-application.js';
import { createOrganizationWithin } from '../consumer/create-organization.js';
import type { ServiceContext } from '../context.js';
import { subscribeWithin } from '../subscription/subscribe.js';
import { findOfferWithin } from './provision-key.js';
import { requireNotSuspended } from './require-not-suspended.js';

/** A key that was made elsewhere. */
export interface KeyToImport {
  /** Where it stands in the file, for messages: "line 3". */
  readonly row: string;
  /** Slug or name. */
  readonly organization: string;
  readonly application: string;
  /** Null when the application needs no new subscription. */
  readonly plan: { readonly productSlug: string; readonly planSlug: string } | null;
  /** The key, or the SHA-256 over salt and key. */
  readonly secret:
    | { readonly kind: 'plain'; readonly key: string }
    | { readonly kind: 'sha256'; readonly hash: Buffer; readonly salt: string | null };
  /** The first characters of the key, which its owner knows it by; null for those of a plain one. */
  readonly prefix: string | null;
  readonly name: string;
  readonly mode: Mode;
  readonly expiresAt: Date | null;
}

export interface ImportResult {
  readonly imported: number;
  /** Were imported before, for the same application. */
  readonly alreadyThere: number;
}

/** Shorter ones could be guessed from their hash. */
const MIN_PLAIN_LENGTH = 16;
/** Each salt costs the look-up of an unknown key one more hash. */
const MAX_SALTS = 8;
const SHOWN_FAULTS = 20;
const SHOWN_PREFIX_LENGTH = 6;

interface HashedKey {
  readonly from: KeyToImport;
  readonly hash: Buffer;
  readonly salt: string | null;
}

/**
 * Takes keys over that were made by another gateway, in one transaction: all or none, and none twice, so that the same
 * file may be imported again. Organizations, applications and subscriptions are made where they are missing. The keys go
 * on as they are; what is kept of them is a hash without pepper, as it must match one that was made elsewhere.
 * @throws InvalidError `import_refused`, naming every row that stands in the way
 */
export async function importCredentials(
  context: ServiceContext,
  keys: readonly KeyToImport[],
  actor: Actor,
): Promise<ImportResult> {
  const hashed = keys.map(hashedKey);
  refuse([...formFaults(keys), ...duplicateFaults(hashed)]);
  return context.unitOfWork.inSystem(async (transaction) => {
    await refuseAmbiguous(transaction, hashed);
    const known = await findImportedCredentials(
      transaction,
      hashed.map(({ hash }) => hash),
    );
    const knownByHash = new Map(known.map((credential) => [hexOf(credential.secretHash), credential]));
    const owners = new Owners(context, transaction, actor);
    const faults: string[] = [];
    const fresh: Credential[] = [];
    let alreadyThere = 0;
    for (const key of hashed) {
      const { row } = key.from;
      const owner = await owners.of(key.from);
      if (typeof owner === 'string') {
        faults.push(`${row}: ${owner}`);
        continue;
      }
      const existing = knownByHash.get(hexOf(key.hash));
      if (!existing) fresh.push(toCredential(context, key, owner));
      else if (existing.applicationId === owner.applicationId && existing.hashSalt === key.salt) alreadyThere++;
      else faults.push(`${row}: this key was imported before, for another application`);
    }
    refuse(faults);
    await insertCredentials(transaction, fresh);
    await recordImports(context, transaction, fresh, actor);
    return { imported: fresh.length, alreadyThere };
  });
}

function hashedKey(from: KeyToImport): HashedKey {
  const { secret } = from;
  if (secret.kind === 'plain') return { from, hash: hashImportedKey(secret.key, null), salt: null };
  return { from, hash: secret.hash, salt: secret.salt };
}

function formFaults(keys: readonly KeyToImport[]): string[] {
  return keys.flatMap(({ row, secret }) => {
    if (secret.kind === 'sha256') return secret.hash.length === 32 ? [] : [`${row}: a SHA-256 has 64 hex digits`];
    if (hasOwnKeyForm(secret.key)) return [`${row}: a key that begins with tg_ is Tollgate’s own form`];
    if (secret.key.length < MIN_PLAIN_LENGTH)
      return [`${row}: a key of less than ${MIN_PLAIN_LENGTH} characters could be guessed`];
    return /^[\x21-\x7e]+$/.test(secret.key) ? [] : [`${row}: a key is printable ASCII without blanks`];
  });
}

function duplicateFaults(hashed: readonly HashedKey[]): string[] {
  const rows = new Map<string, string>();
  return hashed.flatMap(({ from: { row }, hash }) => {
    const first = rows.get(hexOf(hash));
    rows.set(hexOf(hash), first ?? row);
    return first === undefined ? [] : [`${row}: the same key as ${first}`];
  });
}

/** A plain key must not be the one behind a salted hash, in the file or from before: two rows would open with it. */
async function refuseAmbiguous(transaction: Transaction, hashed: readonly HashedKey[]): Promise<void> {
  const inFile = hashed.flatMap(({ salt }) => (salt === null ? [] : [salt]));
  const salts = [...new Set([...(await listImportedSalts(transaction)), ...inFile])];
  if (salts.length > MAX_SALTS)
    refuse([`the file: keys under ${salts.length} salts; at most ${MAX_SALTS} can be in use`]);
  const salted = new Map<string, HashedKey>();
  for (const key of hashed) {
    if (key.from.secret.kind !== 'plain') continue;
    for (const salt of salts) salted.set(hexOf(hashImportedKey(key.from.secret.key, salt)), key);
  }
  const others = hashed.filter(({ hash }) => salted.has(hexOf(hash)));
  const known = await findImportedCredentials(
    transaction,
    [...salted.keys()].map((hex) => Buffer.from(hex, 'hex')),
  );
  refuse([
    ...others.map(({ from, hash }) => `${from.row}: the same key as ${salted.get(hexOf(hash))!.from.row}, salted`),
    ...known.map(
      ({ secretHash }) => `${salted.get(hexOf(secretHash))!.from.row}: was imported before as a salted hash`,
    ),
  ]);
}

/** @throws InvalidError `import_refused` when there are faults */
function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > SHOWN_FAULTS ? [`and ${faults.length - SHOWN_FAULTS} more`] : [];
  const shown = [...faults.slice(0, SHOWN_FAULTS), ...more].join('\n  ');
  throw new InvalidError('import_refused', `Nothing was imported:\n  ${shown}`);
}

interface Owner {
  readonly organizationId: string;
  readonly applicationId: string;
}

/** The applications that keys are for, each found or made once. */
class Owners {
  private readonly organizations = new Map<string, string>();
  private readonly applications = new Map<string, Owner>();
  private readonly plans = new Set<string>();

  constructor(
    private readonly context: ServiceContext,
    private readonly transaction: Transaction,
    private readonly actor: Actor,
  ) {}

  /** The owner, with the subscription that the key asks for; or why there can be none. */
  async of(key: KeyToImport): Promise<Owner | string> {
    try {
      const owner = await this.application(await this.organization(key.organization), key.application);
      if (key.plan !== null) await this.subscribe(owner, key.plan);
      return owner;
    } catch (error) {
      if (error instanceof TollgateError) return error.message;
      throw error;
    }
  }

  private async organization(name: string): Promise<string> {
    const { context, transaction, actor } = this;
    const id =
      this.organizations.get(name) ??
      (await findOrganizationIdNamed(transaction, name)) ??
      (await createOrganizationWithin(context, transaction, { name, ownerUserId: null, actor })).id;
    this.organizations.set(name, id);
    return id;
  }

  private async application(organizationId: string, name: string): Promise<Owner> {
    const { context, transaction, actor } = this;
    const place = `${organizationId} ${name}`;
    const known = this.applications.get(place);
    if (known) return known;
    const applicationId =
      (await findApplicationIdNamed(transaction, organizationId, name)) ??
      (await createApplicationWithin(context, transaction, { organizationId, name, actor })).id;
    await requireNotSuspended(transaction, applicationId);
    const owner = { organizationId, applicationId };
    this.applications.set(place, owner);
    return owner;
  }

  private async subscribe(owner: Owner, plan: NonNullable<KeyToImport['plan']>): Promise<void> {
    const { context, transaction, actor } = this;
    const wanted = `${owner.applicationId} ${plan.productSlug}/${plan.planSlug}`;
    if (this.plans.has(wanted)) return;
    const { apiProductId, planVersionId } = await findOfferWithin(transaction, plan);
    const active = await findActiveSubscription(transaction, owner.applicationId, apiProductId, context.clock.now());
    if (active && active.planSlug !== plan.planSlug) {
      throw new InvalidError(
        'already_subscribed',
        `the application is on the plan "${active.planSlug}" of the product`,
      );
    }
    if (!active) await subscribeWithin(context, transaction, { ...owner, planVersionId, actor });
    this.plans.add(wanted);
  }
}

function toCredential(context: ServiceContext, { from, hash, salt }: HashedKey, owner: Owner): Credential {
  const { secret, prefix, name, mode, expiresAt } = from;
  return {
    ...owner,
    id: context.ids.next(),
    // Only a name: the key itself has no part that is public for sure.
    keyId: generateApiKey(mode, context.fillRandom).parsed.keyId,
    mode,
    name,
    secretHash: hash,
    hashAlgorithm: 'sha256',
    hashSalt: salt,
    pepperId: null,
    importedPrefix: prefix ?? (secret.kind === 'plain' ? secret.key.slice(0, SHOWN_PREFIX_LENGTH) : null),
    restrictions: null,
    rotatedFromId: null,
    isTryIt: false,
    createdAt: context.clock.now(),
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  };
}

async function recordImports(
  context: ServiceContext,
  transaction: Transaction,
  credentials: readonly Credential[],
  actor: Actor,
): Promise<void> {
  const createdAt = context.clock.now();
  for (const [applicationId, ofApplication] of Map.groupBy(credentials, (credential) => credential.applicationId)) {
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: ofApplication[0]!.organizationId,
      actor,
      action: 'imported',
      noun: 'credential',
      nounId: null,
      details: { applicationId, keys: ofApplication.length },
      createdAt,
    });
  }
  await appendChanges(
    transaction,
    'credential',
    credentials.map(({ id }) => id),
    createdAt,
  );
}

function hexOf(hash: Buffer): string {
  return hash.toString('hex');
}
