import { DEFAULT_BODY_BYTES, transformationFaults } from '#domain';
import { z } from 'zod';

const name = z.string().min(1).max(128);
const template = z.string().max(4_096);
const anyJson = z.json();
/** Any JSON value, whose schema says no more than that. */
const json = z.unknown().refine((value) => anyJson.safeParse(value).success, 'expected a value that JSON has');
const pointer = z.string().max(512).describe('A JSON pointer (RFC 6901).');

const fields = z.strictObject({
  remove: z.array(name).max(50).optional(),
  rename: z.record(name, name).optional().describe('New names by old ones.'),
  set: z.record(name, template).optional().describe('Replaces all values of the name.'),
  add: z.record(name, template).optional().describe('One more value of the name.'),
});

const body = z.strictObject({
  maxBytes: z.number().int().positive().max(10_485_760).default(DEFAULT_BODY_BYTES),
  remove: z.array(pointer).max(100).optional(),
  rename: z
    .array(z.strictObject({ from: pointer, to: pointer }))
    .max(100)
    .optional(),
  set: z.record(pointer, json).optional().describe('Values by JSON pointer. Texts may hold variables.'),
  template: json
    .optional()
    .describe('The whole new body; a text that is just "${body/pointer}" is that value of the body before.'),
});

const transformation = z
  .strictObject({
    selector: z.string().min(1).max(200),
    request: z
      .strictObject({
        headers: fields.optional(),
        query: fields.optional(),
        path: z
          .strictObject({ stripPrefix: z.string().max(512).optional(), rewrite: template.optional() })
          .optional()
          .describe('Relative to the base path before, and to the upstream’s URL after.'),
        body: body.optional(),
      })
      .optional(),
    response: z
      .strictObject({
        headers: fields.optional(),
        body: body
          .extend({
            tooLarge: z.enum(['pass', 'refuse']).default('pass').describe('Passes unchanged, or is replaced by a 502.'),
          })
          .optional(),
      })
      .optional(),
  })
  .superRefine((definition, context) => {
    for (const { path, message } of transformationFaults(definition)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

export const transformationsSchema = z
  .array(transformation)
  .max(200)
  .describe(
    'Changes of requests and responses. All whose selector (operation id, tag:NAME, "METHOD /template", *) matches ' +
      'apply, in their order. Variables: ${request.id} ${consumer.id} ${application.id} ${plan} ${mode} ${path.NAME}.',
  );
