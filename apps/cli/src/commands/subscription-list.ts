import { type SubscriptionOverview, findOrganizationId, listSubscriptions } from '#services';
import { parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

const PAGE = 100;

/** `tollgate subscription list`: those of an organization, the newest first; as JSON one document a line. */
export async function subscriptionList(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, { organization: { type: 'string' }, json: { type: 'boolean' } });
  const organization = required(options.organization, '--organization');
  await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    for (let after: string | undefined; ;) {
      const page: SubscriptionOverview[] = await listSubscriptions(context, organizationId, { after, limit: PAGE });
      for (const found of page) await (options.json ? printJson(found) : print(lineOf(found)));
      if (page.length === 0 && after === undefined && !options.json) await print('no subscriptions\n');
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
    }
  });
  return EXIT.ok;
}

function lineOf({ id, product, plan, status, application }: SubscriptionOverview): string {
  return `${id}\t${product.slug}/${plan.slug}\t${status}\t${application.name}\n`;
}
