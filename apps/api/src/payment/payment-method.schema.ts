import { z } from 'zod';

export const paymentMethodAnswer = z
  .object({
    paymentMethod: z
      .object({ brand: z.string(), last4: z.string(), expMonth: z.int(), expYear: z.int() })
      .nullable()
      .describe('The saved card, or null.'),
  })
  .meta({ id: 'PaymentMethodAnswer' });

export const setupSessionRequest = z
  .strictObject({
    returnPath: z
      .string()
      .max(400)
      .regex(/^\/(?!\/)[\w\-./?=&%]*$/, 'expected a path of this portal, such as "/dashboard"')
      .describe('Where in the portal the person goes afterwards.'),
  })
  .meta({ id: 'SetupSessionRequest' });

export const setupSession = z
  .object({ url: z.string().describe('The payment provider’s page for saving a card.') })
  .meta({ id: 'SetupSession' });

export const portalSession = z
  .object({
    url: z.string().describe('The payment provider’s page of saved cards and invoices; it is good for minutes.'),
  })
  .meta({ id: 'PortalSession' });
