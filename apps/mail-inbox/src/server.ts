import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHttp } from './http.js';
import { Inbox } from './inbox.js';
import type { ListenArguments } from './listen-arguments.js';
import { createSmtp } from './smtp.js';

const LOOPBACK = '127.0.0.1';

export interface MailInbox {
  readonly smtpUrl: string;
  readonly httpUrl: string;
  /** Ends both servers and every connection at once. */
  stop(): void;
}

/**
 * Listens for mail and for readers, both on the loopback address alone unless in a container; port 0 takes any free one. Rejects if either
 * port cannot be had.
 */
export async function startMailInbox(ports: ListenArguments, nowMs: () => number): Promise<MailInbox> {
  const inbox = new Inbox(nowMs);
  const host = ports.containerName === undefined ? LOOPBACK : '0.0.0.0';
  const http = createHttp(inbox, ports.containerName);
  const smtp = createSmtp(inbox);
  const stop = (): void => {
    smtp.close();
    http.close();
    http.closeAllConnections();
  };
  let isListening = false;
  smtp.on('error', (error) => {
    // A sender that breaks off must not end the inbox. That a port cannot be had is told by the rejection below.
    if (isListening) console.error(`mail-inbox: ${error.message}`);
  });
  try {
    http.listen(ports.httpPort, host);
    await once(http, 'listening');
    smtp.listen(ports.smtpPort, host);
    await once(smtp.server, 'listening');
    isListening = true;
  } catch (error) {
    stop();
    throw error;
  }
  return {
    smtpUrl: `smtp://${LOOPBACK}:${portOf(smtp.server.address())}`,
    httpUrl: `http://${LOOPBACK}:${portOf(http.address())}`,
    stop,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  return address.port;
}
