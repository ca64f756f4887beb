import type { ServiceContext } from '#services';
import { currentUsage } from '#services';
import { z } from 'zod';
import { toMoney } from '../../contract/value.schema.js';
import type { OperationCaller } from '../operation-caller.js';
import { type Tool, answer, apiName, defineTool, operationName, refusal, versionName } from './tool.js';

const BILLED =
  'Each call counts under the plan of the key’s application as any call of it does, and with a live key (tg_live_…) it is billed; test keys (tg_test_…) cost nothing. get_operation says what a call costs.';

const values = z.record(z.string().max(200), z.unknown()).default({});

/** What needs an API key: calls and their usage. */
export function callTools(context: ServiceContext, operations: OperationCaller): Tool[] {
  return [
    defineTool(
      {
        name: 'call_operation',
        title: 'Call an operation of an API',
        description: `Calls an operation through the gateway with the API key of this connection. ${BILLED} The request is checked against the document first, and nothing is sent when it does not fit. An operation other than GET may change or delete data: ask before you call it.`,
        annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
      },
      z.strictObject({
        api: apiName,
        version: versionName,
        operation: operationName,
        path: values.describe('Path parameters by name.'),
        query: values.describe('Query parameters by name.'),
        headers: values.describe('Header parameters of the operation by name. No others can be sent.'),
        body: z.unknown().optional().describe('The body: JSON for JSON operations, else text.'),
        contentType: z
          .string()
          .max(100)
          .optional()
          .describe('The media type of the body, where the operation takes several.'),
        idempotencyKey: z
          .string()
          .regex(/^[\x21-\x7e]{1,255}$/)
          .optional()
          .describe(
            'Sent as Idempotency-Key: a repeated call with it is answered from the first one, where the API has that.',
          ),
      }),
      (given, context) => operations.call(given, context),
    ),
    usageTool(context),
  ];
}

/** Usage and quotas of the key's application. */
export function usageTool(context: ServiceContext): Tool {
  return defineTool(
    {
      name: 'get_usage',
      title: 'Usage and quotas of the key',
      description:
        'What the application of this connection’s API key has used of its plans in the current period: units of each meter, quotas and what is left, and what it would cost so far. Some seconds old.',
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    z.strictObject({ product: z.string().min(1).max(63).optional().describe('Only of this product.') }),
    async ({ product }, { caller }) => {
      if (!caller.key) {
        return refusal(
          'This needs an API key: add it to the settings of this MCP server as "Authorization: Bearer tg_…".',
          {
            code: 'api_key_needed',
          },
        );
      }
      const { opened } = caller.key;
      const usage = await currentUsage(context, { organizationId: opened.organizationId });
      const own = usage.filter(({ subscription }) => {
        if (subscription.application.id !== opened.applicationId) return false;
        if (product !== undefined && subscription.product.slug !== product) return false;
        return opened.allowsProduct(subscription.product.slug);
      });
      return answer({
        key: opened.display,
        mode: opened.mode,
        ...(opened.mode === 'test' && {
          note: 'Calls with this test key are not billed and not in these figures; their own daily limit is in the RateLimit header of each call.',
        }),
        subscriptions: own.map(({ subscription, meters, currency, estimateMinor }) => ({
          product: subscription.product.slug,
          plan: subscription.plan.slug,
          status: subscription.status,
          period: { start: subscription.currentPeriod.start, end: subscription.currentPeriod.end },
          meters: meters.map(({ slug, title, unit, quantity, billableQuantity, included, quotas, quota }) => ({
            meter: slug,
            title,
            unit,
            quantity,
            billableQuantity,
            included,
            quotas,
            quota,
          })),
          estimate: toMoney(estimateMinor, currency),
        })),
      });
    },
  );
}
