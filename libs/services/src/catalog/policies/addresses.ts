import { addressRangeFault } from '#domain';
import { z } from 'zod';

const range = z
  .string()
  .max(64)
  .superRefine((text, context) => {
    const fault = addressRangeFault(text);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('An address or a range in CIDR form, IPv4 or IPv6.');

export const addressesSchema = z
  .strictObject({
    allow: z.array(range).max(1_000).default([]).describe('When not empty, only these may call.'),
    deny: z.array(range).max(1_000).default([]).describe('These may not, also when allowed.'),
  })
  .describe('Who may call, by network address.');
