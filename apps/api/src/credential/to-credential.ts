import { type Credential, displayCredential } from '#domain';
import type { z } from 'zod';
import { etagOf } from '../contract/entity-tag.js';
import type { credential } from './credential.schema.js';

export function toCredential(found: Credential): z.input<typeof credential> {
  return { ...found, display: displayCredential(found), etag: etagOf(changeableCredential(found)) };
}

/** What of a key its edit changes. */
export function changeableCredential({ name, expiresAt, restrictions }: Credential): unknown {
  return { name, expiresAt, restrictions };
}
