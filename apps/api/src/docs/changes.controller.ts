import { NotFoundError } from '#domain';
import { type ServiceContext, countBySeverity, listReleases } from '#services';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../access/access.js';
import type { Brand } from '../brand/brand.js';
import { Answers, AnswersWith } from '../contract/answers.decorator.js';
import { slug } from '../contract/value.schema.js';
import { docsContentSecurityPolicy } from '../security/content-security-policy.js';
import { type ApiSettings, BRAND, SERVICE_CONTEXT, SETTINGS } from '../tokens.js';
import { versionChanges } from './change.schema.js';
import { renderChangesPage } from './changes-page.js';
import { type Release, renderReleaseFeed } from './release-feed.js';
import { VersionChanges } from './version-changes.js';

const FEED_LENGTH = 20;

const name = z.string().min(1).max(63);
const compared = z.strictObject({
  from: name.optional().describe('The name of a version. Default: the one before `to`.'),
  to: name.default('latest').describe('The name of a version, or "latest".'),
});
/** Links to a page may carry more than it knows of. */
const shownChanges = z.object({
  ...compared.shape,
  show: z.enum(['breaking', 'non_breaking', 'docs']).optional(),
});

/** What changed between versions of an API: as JSON, as a page, and as a feed of all that were published. */
@ApiTags('Documentation')
@Public()
@Controller()
export class ChangesController {
  constructor(
    @Inject(SERVICE_CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(BRAND) private readonly brand: Brand,
    @Inject(VersionChanges) private readonly changes: VersionChanges,
  ) {}

  @Get('api/v1/apis/:api/changes')
  @Answers(versionChanges, {
    summary: 'What changed between two versions of an API',
    description:
      'By rules on operations, parameters, bodies, responses and schemas. Servers and credentials of the documents do not count: callers have those of the gateway.',
  })
  async readChanges(
    @Param('api', { schema: slug }) api: string,
    @Query({ schema: compared }) { from, to }: z.output<typeof compared>,
  ): Promise<z.input<typeof versionChanges>> {
    const found = await this.changes.find(api, from ?? null, to);
    const { breaking, non_breaking, docs } = countBySeverity(found.changes);
    const counts = { breaking, nonBreaking: non_breaking, docs };
    return { ...found, from: found.from.name, to: found.to.name, counts };
  }

  @Get('docs/:api/changes')
  @AnswersWith('text/html', { summary: 'The same as a page' })
  async readChangesPage(
    @Param('api', { schema: slug }) api: string,
    @Query({ schema: shownChanges }) { from, to, show }: z.output<typeof shownChanges>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const page = renderChangesPage(await this.changes.find(api, from ?? null, to), show ?? null, this.brand);
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': docsContentSecurityPolicy(),
      'cache-control': 'no-cache',
    });
    return page;
  }

  @Get('feed.atom')
  @AnswersWith('application/atom+xml', { summary: 'The versions that were published last, as an Atom feed' })
  async readFeed(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.sendFeed(null, '/feed.atom', reply);
  }

  @Get('docs/:api/feed.atom')
  @AnswersWith('application/atom+xml', { summary: 'The versions of an API that were published last, as an Atom feed' })
  async readFeedOfApi(
    @Param('api', { schema: slug }) api: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.sendFeed(api, `/docs/${encodeURIComponent(api)}/feed.atom`, reply);
  }

  private async sendFeed(api: string | null, path: string, reply: FastifyReply): Promise<string> {
    const releases: Release[] = [];
    for (const release of await listReleases(this.context, { api, limit: FEED_LENGTH })) {
      const { previous } = release;
      const found = previous === null ? null : await this.changes.find(release.api.slug, previous, release.name);
      releases.push({ ...release, compared: found });
    }
    if (api !== null && releases.length === 0) throw new NotFoundError('api');
    void reply.headers({ 'content-type': 'application/atom+xml; charset=utf-8', 'cache-control': 'no-cache' });
    return renderReleaseFeed(releases, {
      portalName: this.brand.name,
      origin: new URL(this.settings.PORTAL_URL).origin,
      path,
      about: api === null ? null : (releases[0]?.api.title ?? api),
    });
  }
}
