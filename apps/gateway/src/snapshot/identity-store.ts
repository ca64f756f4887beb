import type { IdentityKind } from '#domain';
import type { IdentityRecord } from '#persistence';
import type { CredentialEntry } from './credential-store.js';

/** Names that applications have elsewhere, by name. */
export class IdentityStore {
  private readonly byName = new Map<string, CredentialEntry>();
  private readonly byId = new Map<string, IdentityRecord>();

  add(record: IdentityRecord): void {
    this.byId.set(record.id, record);
    this.byName.set(
      nameOf(record.kind, record.issuer, record.value),
      identifiedCaller(record.id, record.applicationId),
    );
  }

  remove(id: string): void {
    const record = this.byId.get(id);
    if (!record) return;
    this.byId.delete(id);
    const name = nameOf(record.kind, record.issuer, record.value);
    if (this.byName.get(name)?.id === id) this.byName.delete(name);
  }

  /** Who calls under a name; null for a name that nobody has. */
  find(kind: IdentityKind, issuer: string, value: string): CredentialEntry | null {
    return this.byName.get(nameOf(kind, issuer, value)) ?? null;
  }

  /** False when the name under which a caller without a key was let in has been taken away. */
  stillStandsFor({ id, applicationId }: CredentialEntry): boolean {
    return id === applicationId || this.byId.has(id);
  }

  records(): Iterable<IdentityRecord> {
    return this.byId.values();
  }
}

/** A caller without a key: its calls are live and may do all that the application may. */
export function identifiedCaller(id: string, applicationId: string): CredentialEntry {
  return { id, keyId: '', applicationId, mode: 'live', restrictions: null };
}

/** No URL and no kind has a line end, so names of different issuers never meet. */
function nameOf(kind: IdentityKind, issuer: string, value: string): string {
  return `${kind}\n${issuer}\n${value}`;
}
