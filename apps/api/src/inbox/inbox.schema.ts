import { z } from 'zod';

export const inboxMessages = z
  .object({
    messages: z
      .array(
        z
          .object({
            id: z.string(),
            from: z.string(),
            to: z.string(),
            subject: z.string(),
            receivedAt: z.string(),
            text: z.string(),
            html: z.string().nullable(),
            links: z.array(z.string()).readonly(),
          })
          .meta({ id: 'InboxMessage' }),
      )
      .readonly(),
  })
  .meta({ id: 'InboxMessages' });
