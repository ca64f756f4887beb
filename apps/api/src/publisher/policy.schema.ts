import { policiesInFile } from '#services';
import { z } from 'zod';

/** Policies as the catalogue file says them, so that the two can never disagree. */
export const policiesRequest = policiesInFile.meta({
  id: 'Policies',
  description:
    'What the gateway does with the calls of a version, in the words of the catalogue file; a section that is absent is off.',
});

export const policiesToEdit = z
  .object({
    policies: z
      .record(z.string(), z.unknown())
      .describe(
        'As `Policies`, without what goes without saying and passwords within addresses: they can be sent back as they are.',
      ),
  })
  .meta({ id: 'PoliciesToEdit' });

export const replacedPolicies = policiesToEdit
  .extend({
    remarks: z
      .array(z.string())
      .describe('What of them will not be done, and why: patterns of the document that gateways cannot check by.'),
  })
  .meta({ id: 'ReplacedPolicies' });
