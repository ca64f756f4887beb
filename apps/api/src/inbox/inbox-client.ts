import { NotFoundError } from '#domain';
import { z } from 'zod';
import type { inboxMessages } from './inbox.schema.js';

const TIMEOUT_MS = 5_000;

const message = z.object({
  id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  receivedAt: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  links: z.array(z.string()),
});

/**
 * The mails in the development inbox, the newest first.
 * @throws NotFoundError `inbox_not_found` in an installation without one
 */
export async function readInboxMessages(inboxUrl: string | undefined): Promise<z.input<typeof inboxMessages>> {
  const response = await callInbox(inboxUrl, 'GET');
  const { messages } = z.object({ messages: z.array(message) }).parse(await response.json());
  return { messages: messages.map((found) => ({ ...found, to: found.to.join(', ') })) };
}

/** @throws NotFoundError `inbox_not_found` */
export async function deleteInboxMessages(inboxUrl: string | undefined): Promise<void> {
  await callInbox(inboxUrl, 'DELETE');
}

async function callInbox(inboxUrl: string | undefined, method: 'GET' | 'DELETE'): Promise<Response> {
  if (!inboxUrl) throw new NotFoundError('inbox', 'This installation sends real mail and has no inbox to look into.');
  const response = await fetch(`${inboxUrl}/messages`, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the mail inbox answered ${response.status}`);
  return response;
}
