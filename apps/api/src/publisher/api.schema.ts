import { apiInFile } from '#services';
import { z } from 'zod';
import { slug } from '../contract/value.schema.js';

export const publisherOfNew = slug
  .optional()
  .describe('The publisher team that it is of. Default: the only one that you belong to.');

export const createApiRequest = apiInFile
  .pick({ slug: true, title: true })
  .extend({ publisher: publisherOfNew })
  .meta({ id: 'CreateApiRequest' });

export const renameApiRequest = apiInFile.pick({ title: true }).meta({ id: 'RenameApiRequest' });

export const editedApi = z.object({ slug, title: z.string() }).meta({ id: 'EditedApi' });
