import { timingSafeEqual } from 'node:crypto';
import { type Mode, type Pepper, hashImportedKey, matchesApiKeySecret } from '#domain';
import type { CredentialRecord } from '#persistence';
import { IndexTable } from './index-table.js';
import { type KeyRestrictionsEntry, compileRestrictions } from './key-restrictions.js';
import { StringTable } from './string-table.js';

/** Whose key it is and what it may: what is known once a key has opened. */
export interface CredentialEntry {
  readonly id: string;
  readonly keyId: string;
  readonly applicationId: string;
  readonly mode: Mode;
  /** Null when it works from everywhere and for everything that its application may. */
  readonly restrictions: KeyRestrictionsEntry | null;
}

/** What `find` and `findImported` answer for a key that is not there. */
export const NO_CREDENTIAL = -1;

const KEY_ID_LENGTH = 12;
const ID_LENGTH = 16;
const HASH_LENGTH = 32;
const ID_AT = KEY_ID_LENGTH;
const HASH_AT = ID_AT + ID_LENGTH;
const APPLICATION_AT = HASH_AT + HASH_LENGTH;
const EXPIRY_AT = APPLICATION_AT + 4;
const FLAGS_AT = EXPIRY_AT + 6;
const INGREDIENT_AT = FLAGS_AT + 1;
const RECORD_LENGTH = INGREDIENT_AT + 1;

const IS_TEST = 1;
const IS_REVOKED = 2;
const IS_IMPORTED = 4;
const NEVER_EXPIRES = 2 ** 48 - 1;

/** So many credentials are kept as they were handed out, a power of two: whose key has opened opens again soon. */
const RECENT = 4_096;

const CHUNK_BITS = 10;
const CHUNK_RECORDS = 1 << CHUNK_BITS;

/**
 * Every credential in about 80 bytes: records of 72 bytes in chunks outside of the heap, found through open addressing by
 * the public part of the key. Applications, peppers and salts are numbers into tables; restrictions, which are rare, are
 * in a map. A credential is known by its index from when it is added; it may change and never goes.
 *
 * Imported keys have a second table, by their hash, which nobody asks while there are none.
 */
export class CredentialStore {
  private readonly chunks: Buffer[] = [];
  private count = 0;
  private readonly byKeyId = new IndexTable((index) => this.hashOfKeyIdAt(index));
  private readonly byImportedHash = new IndexTable((index) => this.hashOfImportedAt(index));
  private readonly applications = new StringTable();
  private readonly peppers = new StringTable();
  /** Salts of imported keys; the empty one for none. Each costs a look-up one more hash. */
  private readonly salts = new StringTable();
  private readonly restrictions = new Map<number, KeyRestrictionsEntry>();
  /** Each at the place that its index gives; one that comes to the same place takes it. */
  private readonly recent: (CredentialEntry | null)[] = Array.from({ length: RECENT }, () => null);
  private readonly recentIndexes = new Int32Array(RECENT).fill(NO_CREDENTIAL);

  get size(): number {
    return this.count;
  }

  get hasImported(): boolean {
    return this.byImportedHash.size > 0;
  }

  /** Adds a credential, or replaces the one with its public part. */
  set(record: CredentialRecord): void {
    const known = this.find(record.keyId);
    const index = known === NO_CREDENTIAL ? this.add(record) : known;
    const chunk = this.chunkOf(index);
    const at = offsetOf(index);
    const isImported = record.hashAlgorithm === 'sha256';
    chunk.writeUInt32LE(this.applications.numberOf(record.applicationId), at + APPLICATION_AT);
    chunk.writeUIntLE(record.expiresAtMs ?? NEVER_EXPIRES, at + EXPIRY_AT, 6);
    chunk[at + FLAGS_AT] =
      (record.mode === 'test' ? IS_TEST : 0) | (record.isRevoked ? IS_REVOKED : 0) | (isImported ? IS_IMPORTED : 0);
    const ingredient = isImported
      ? this.salts.numberOf(record.hashSalt ?? '')
      : this.peppers.numberOf(record.pepperId ?? '');
    if (ingredient > 255) throw new RangeError('at most 256 peppers and 256 salts can be in use at a time');
    chunk[at + INGREDIENT_AT] = ingredient;
    if (record.restrictions === null) this.restrictions.delete(index);
    else this.restrictions.set(index, compileRestrictions(record.restrictions));
    if (this.recentIndexes[recentPlace(index)] === index) this.recentIndexes[recentPlace(index)] = NO_CREDENTIAL;
    if (known === NO_CREDENTIAL && isImported) this.byImportedHash.add(index);
  }

  /** The index of the credential with this public part, or -1. */
  find(keyId: string): number {
    if (keyId.length !== KEY_ID_LENGTH) return NO_CREDENTIAL;
    const { byKeyId } = this;
    for (let slot = byKeyId.firstSlot(hashOfText(keyId)); ; slot = byKeyId.nextSlot(slot)) {
      const index = byKeyId.indexAt(slot);
      if (index === NO_CREDENTIAL || this.hasKeyId(index, keyId)) return index;
    }
  }

  /** The index of the imported credential whose whole key this is, or -1. */
  findImported(key: string): number {
    const { byImportedHash } = this;
    for (const salt of this.salts.all) {
      const hash = hashImportedKey(key, salt === '' ? null : salt);
      for (let slot = byImportedHash.firstSlot(hash.readUInt32LE()); ; slot = byImportedHash.nextSlot(slot)) {
        const index = byImportedHash.indexAt(slot);
        if (index === NO_CREDENTIAL) break;
        if (timingSafeEqual(hash, this.secretHash(index)) && this.saltOf(index) === salt) return index;
      }
    }
    return NO_CREDENTIAL;
  }

  /** True when a key that Tollgate made has this secret; takes the same time whatever differs. */
  hasSecret(index: number, secret: string, pepper: Pepper): boolean {
    return matchesApiKeySecret(secret, pepper, this.secretHash(index));
  }

  /** Of a key that Tollgate made. */
  pepperIdOf(index: number): string {
    return this.peppers.text(this.byteAt(index, INGREDIENT_AT));
  }

  modeOf(index: number): Mode {
    return this.has(index, IS_TEST) ? 'test' : 'live';
  }

  isImported(index: number): boolean {
    return this.has(index, IS_IMPORTED);
  }

  isRevoked(index: number): boolean {
    return this.has(index, IS_REVOKED);
  }

  hasExpired(index: number, nowMs: number): boolean {
    const expiresAtMs = this.chunkOf(index).readUIntLE(offsetOf(index) + EXPIRY_AT, 6);
    return expiresAtMs !== NEVER_EXPIRES && expiresAtMs <= nowMs;
  }

  /** The same object again for a credential that was asked for lately and has not changed since. */
  entry(index: number): CredentialEntry {
    const place = recentPlace(index);
    if (this.recentIndexes[place] === index) return this.recent[place]!;
    const entry = this.newEntry(index);
    this.recentIndexes[place] = index;
    this.recent[place] = entry;
    return entry;
  }

  private newEntry(index: number): CredentialEntry {
    return {
      id: this.idOf(index),
      keyId: this.keyIdOf(index),
      applicationId: this.applications.text(this.applicationOf(index)),
      mode: this.modeOf(index),
      restrictions: this.restrictionsOf(index),
    };
  }

  restrictionsOf(index: number): KeyRestrictionsEntry | null {
    return this.restrictions.size === 0 ? null : (this.restrictions.get(index) ?? null);
  }

  /** Each credential as it was set, in the order in which they were added. */
  *records(): Generator<CredentialRecord> {
    for (let index = 0; index < this.count; index++) yield this.recordOf(index);
  }

  private recordOf(index: number): CredentialRecord {
    const expiresAtMs = this.chunkOf(index).readUIntLE(offsetOf(index) + EXPIRY_AT, 6);
    const isImported = this.isImported(index);
    const { id, keyId, applicationId, mode, restrictions } = this.newEntry(index);
    return {
      id,
      keyId,
      applicationId,
      mode,
      secretHash: this.secretHash(index).toString('base64'),
      hashAlgorithm: isImported ? 'sha256' : 'peppered_sha256',
      hashSalt: (isImported && this.saltOf(index)) || null,
      pepperId: isImported ? null : this.pepperIdOf(index),
      expiresAtMs: expiresAtMs === NEVER_EXPIRES ? null : expiresAtMs,
      isRevoked: this.isRevoked(index),
      restrictions: restrictions && restrictions.record,
    };
  }

  /** What never changes of a credential. */
  private add({ id, keyId, secretHash }: CredentialRecord): number {
    const index = this.count;
    if (this.chunks.length === index >>> CHUNK_BITS) {
      this.chunks.push(Buffer.allocUnsafeSlow(CHUNK_RECORDS * RECORD_LENGTH));
    }
    const chunk = this.chunkOf(index);
    const at = offsetOf(index);
    const isWritten =
      keyId.length === KEY_ID_LENGTH &&
      chunk.write(keyId, at, KEY_ID_LENGTH, 'latin1') === KEY_ID_LENGTH &&
      chunk.write(id.replaceAll('-', ''), at + ID_AT, ID_LENGTH, 'hex') === ID_LENGTH &&
      chunk.write(secretHash, at + HASH_AT, HASH_LENGTH, 'base64') === HASH_LENGTH;
    if (!isWritten) throw new TypeError(`the credential ${id} has an id, a public part or a hash of another form`);
    this.count++;
    this.byKeyId.add(index);
    return index;
  }

  private chunkOf(index: number): Buffer {
    return this.chunks[index >>> CHUNK_BITS]!;
  }

  private byteAt(index: number, at: number): number {
    return this.chunkOf(index)[offsetOf(index) + at]!;
  }

  private has(index: number, flag: number): boolean {
    return (this.byteAt(index, FLAGS_AT) & flag) !== 0;
  }

  private saltOf(index: number): string {
    return this.salts.text(this.byteAt(index, INGREDIENT_AT));
  }

  private applicationOf(index: number): number {
    return this.chunkOf(index).readUInt32LE(offsetOf(index) + APPLICATION_AT);
  }

  private secretHash(index: number): Buffer {
    const at = offsetOf(index) + HASH_AT;
    return this.chunkOf(index).subarray(at, at + HASH_LENGTH);
  }

  private keyIdOf(index: number): string {
    const at = offsetOf(index);
    return this.chunkOf(index).toString('latin1', at, at + KEY_ID_LENGTH);
  }

  private idOf(index: number): string {
    const at = offsetOf(index) + ID_AT;
    const hex = this.chunkOf(index).toString('hex', at, at + ID_LENGTH);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  private hasKeyId(index: number, keyId: string): boolean {
    const chunk = this.chunkOf(index);
    const start = offsetOf(index);
    for (let at = 0; at < KEY_ID_LENGTH; at++) if (chunk[start + at] !== keyId.charCodeAt(at)) return false;
    return true;
  }

  private hashOfKeyIdAt(index: number): number {
    const chunk = this.chunkOf(index);
    const start = offsetOf(index);
    let hash = HASH_SEED;
    for (let at = 0; at < KEY_ID_LENGTH; at++) hash = hashStep(hash, chunk[start + at]!);
    return hash;
  }

  private hashOfImportedAt(index: number): number {
    return this.chunkOf(index).readUInt32LE(offsetOf(index) + HASH_AT);
  }
}

/** FNV-1a. Public parts are random and ours, so nobody can make them collide. */
const HASH_SEED = 0x811c9dc5;

function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

function hashOfText(keyId: string): number {
  let hash = HASH_SEED;
  for (let at = 0; at < KEY_ID_LENGTH; at++) hash = hashStep(hash, keyId.charCodeAt(at));
  return hash;
}

function recentPlace(index: number): number {
  return index & (RECENT - 1);
}

function offsetOf(index: number): number {
  return (index & (CHUNK_RECORDS - 1)) * RECORD_LENGTH;
}
