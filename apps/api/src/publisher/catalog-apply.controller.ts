import { InvalidError } from '#domain';
import {
  type ReadCatalogFile,
  type ServiceContext,
  applyCatalog,
  catalogDigest,
  countUnchanged,
  inPlaces,
  loadCatalog,
} from '#services';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ForPublishers } from '../access/access.js';
import { type Caller, CurrentCaller } from '../access/caller.js';
import { Answers } from '../contract/answers.decorator.js';
import { type ApiSettings, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { appliedCatalog, catalogRequest } from './catalog-apply.schema.js';

/** What one's teams make, from a file: by the same services as the operator's command line. */
@ApiTags('Publisher')
@ForPublishers()
@Controller('api/v1/publisher/catalog')
export class CatalogApplyController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Post()
  @HttpCode(200)
  @Answers(appliedCatalog, {
    summary: 'Make the APIs, products and coupons of one’s publisher teams what a catalogue file says',
    description:
      'All of it or nothing; what the file does not name stays. With `dryRun` it says the difference and changes nothing; with the `digest` of that as ' +
      '`expectedDigest` it makes just this difference, or answers with 409 `catalog_changed`. At most 20 MiB; ' +
      '`tollgate apply --remote` sends a file with all that it names.',
  })
  async applyCatalog(
    @Body({ schema: catalogRequest })
    { catalog, files, variables, dryRun, expectedDigest }: z.output<typeof catalogRequest>,
    @CurrentCaller() { userId, actor }: Caller,
  ): Promise<z.input<typeof appliedCatalog>> {
    const { settings } = this;
    const loaded = await loadCatalog({
      name: 'The catalogue',
      tree: catalog,
      variables: new Map(Object.entries(variables)),
      read: readerOf(new Map(Object.entries(files))),
    });
    const input = { ...loaded, encryptionKeys: settings.ENCRYPTION_KEYS };
    const changes = await applyCatalog(this.context, {
      ...input,
      allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
      allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
      allowsTargetFiles: settings.UPSTREAM_TARGETS_DIR !== undefined,
      publisherUserId: userId,
      ...(expectedDigest !== undefined && { expectedDigest }),
      dryRun,
      actor,
    });
    return {
      dryRun,
      digest: catalogDigest(input, changes),
      unchanged: countUnchanged(loaded.file, changes),
      changes: changes.map(inPlaces),
    };
  }
}

/** Files are those that came along: nothing of this machine is read. */
function readerOf(files: ReadonlyMap<string, string>): ReadCatalogFile {
  return async (name, what) => {
    const content = files.get(name);
    if (content === undefined)
      throw new InvalidError('file_missing', `${what} ${name} is not among "files": send it along.`);
    return Buffer.from(content, 'base64');
  };
}
