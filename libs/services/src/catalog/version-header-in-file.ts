import type { VersionHeader } from '#domain';
import { z } from 'zod';
import { ownHeader } from './own-header.js';

/** Fields that are about something else, or are not passed on. */
const OF_OTHERS =
  /^(authorization|proxy-.*|cookie|x-api-key|origin|access-control-.*|accept|accept-.*|expect|forwarded|x-forwarded-.*)$/i;

/** The section `versionHeader` of a version. */
export const versionHeaderInFile = z
  .strictObject({
    name: ownHeader
      .refine(
        (name) => !OF_OTHERS.test(name) || /^accept-version$/i.test(name),
        'this header says something else: choose one such as X-API-Version',
      )
      .describe('Such as X-API-Version or Accept-Version; the same for all versions of a place.'),
    value: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$/, 'expected a short value such as v2 or 2026-11-01')
      .optional()
      .describe('What callers send for this version. Default: its name.'),
    default: z.boolean().default(false).describe('true: calls without the header are for it; at most one of a place.'),
  })
  .describe('The header that tells versions of the API apart that are at the same host and basePath.');

/** The header of a version as it is stored; null for none. */
export function versionHeaderOf({
  name,
  versionHeader,
}: {
  readonly name: string;
  readonly versionHeader?: z.output<typeof versionHeaderInFile> | undefined;
}): VersionHeader | null {
  if (!versionHeader) return null;
  return { name: versionHeader.name, value: versionHeader.value ?? name, isDefault: versionHeader.default };
}
