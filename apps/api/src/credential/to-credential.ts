import { type Credential, displayCredential } from '#domain';
import type { z } from 'zod';
import type { credential } from './credential.schema.js';

export function toCredential(found: Credential): z.input<typeof credential> {
  return { ...found, display: displayCredential(found) };
}
