import { NotFoundError, isFreeOfCharge } from '#domain';
import { type ServiceContext, listProducts } from '#services';
import { z } from 'zod';
import { estimateMonth } from '../../catalog/to-estimate.js';
import { toProduct } from '../../catalog/to-product.js';
import { estimate } from '../../catalog/plan.schema.js';
import { product as productSchema } from '../../catalog/product.schema.js';
import { decimalInput } from '../../contract/value.schema.js';
import { READS_PORTAL, type Tool, answer, defineTool, page, pageOf } from './tool.js';

const productName = z.string().min(1).max(63).describe('The slug of the product, as list_products names it.');

/** What can be subscribed to and what it costs: only what anybody may see. */
export function catalogTools(context: ServiceContext): Tool[] {
  return [
    defineTool(
      {
        name: 'list_products',
        title: 'List API products',
        description:
          'The API products of this portal: the APIs in each with their versions, and the plans in brief. Begin here.',
        annotations: READS_PORTAL,
      },
      z.strictObject({
        query: z.string().max(100).default('').describe('Only products with these words in title, summary or tags.'),
        ...page(20, 50),
      }),
      async ({ query, ...asked }) => {
        const words = query.toLowerCase().split(/\s+/);
        const products = (await listProducts(context)).filter(({ slug, title, summary, tags, apis }) => {
          const text = [slug, title, summary, ...tags, ...apis.flatMap((api) => [api.slug, api.title])]
            .join(' ')
            .toLowerCase();
          return words.every((word) => text.includes(word));
        });
        const { items, ...rest } = pageOf(products, asked);
        return answer({
          products: items.map(({ slug, title, summary, tags, apis, plans }) => ({
            product: slug,
            title,
            summary,
            tags,
            apis: apis.map((api) => ({
              api: api.slug,
              title: api.title,
              versions: api.versions.map(({ name, state, latest }) => ({ name, state, latest })),
            })),
            plans: plans.map((plan) => ({
              plan: plan.slug,
              title: plan.title,
              free: isFreeOfCharge(plan.version.definition),
              currency: plan.version.definition.currency,
              fixedFee: plan.version.definition.fixedFee,
              billingInterval: plan.version.definition.billingInterval,
            })),
          })),
          ...rest,
        });
      },
    ),
    defineTool(
      {
        name: 'get_product',
        title: 'Read a product and its plans',
        description:
          'One API product whole: description, meters, and every public plan with prices, included units, rate limits, quotas and the operations that it has. Amounts are decimals in major units of the currency.',
        annotations: READS_PORTAL,
      },
      z.strictObject({ product: productName }),
      async ({ product }) => {
        const { id: _id, plans, ...found } = productSchema.parse(toProduct(await findPublicProduct(context, product)));
        return answer({
          ...found,
          plans: plans.map(({ slug, title, summary, free, version }) => ({
            plan: slug,
            title,
            summary,
            free,
            version: version.number,
            ...version.definition,
            operations: version.operations,
          })),
        });
      },
    ),
    defineTool(
      {
        name: 'estimate_cost',
        title: 'What a month would cost',
        description:
          'The price of a month of a plan for so many units of each meter, before tax, computed by the code that makes the invoices.',
        annotations: READS_PORTAL,
      },
      z.strictObject({
        product: productName,
        plan: z.string().min(1).max(63),
        quantities: z
          .record(z.string().max(80), decimalInput)
          .describe('Units by the slug of the meter, as decimals in digits: {"requests": "25000"}.'),
      }),
      async ({ product, plan, quantities }) => {
        const { plans } = await findPublicProduct(context, product);
        const found = plans.find(({ slug }) => slug === plan);
        if (!found)
          throw new NotFoundError('plan', `The plans of ${product}: ${plans.map(({ slug }) => slug).join(', ')}.`);
        const cost = estimateMonth(found.version.definition, quantities, context.clock.nowMs());
        return answer({ product, plan, ...estimate.parse(cost) });
      },
    ),
  ];
}

async function findPublicProduct(context: ServiceContext, slug: string) {
  const product = (await listProducts(context)).find((one) => one.slug === slug);
  if (!product) throw new NotFoundError('product', 'There is no such product. list_products names them.');
  return product;
}
