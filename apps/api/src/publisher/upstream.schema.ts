import { upstreamInFile } from '#services';
import { z } from 'zod';

/** An upstream as the catalogue file says it, so that the two can never disagree. */
export const upstreamRequest = upstreamInFile.meta({
  id: 'Upstream',
  description: 'Where the calls of a version go, and how, in the words of the catalogue file.',
});

export const upstreamToEdit = z
  .object({
    upstream: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(
        'As an `Upstream`, without what goes without saying and the values of secrets: it can be sent back as it is. Null where the document answers.',
      ),
  })
  .meta({ id: 'UpstreamToEdit' });
