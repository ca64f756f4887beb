import { z } from 'zod';

/** An instant in the catalogue file, or a day, which begins in UTC. */
export const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'expected a day such as 2026-01-01, which begins in UTC, or an instant such as 2026-01-01T00:00:00+01:00',
  })
  .transform((text) => new Date(text));
