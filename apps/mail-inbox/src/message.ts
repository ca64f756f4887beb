/** A mail that has arrived. */
export interface Message {
  /** Counts from "1" since the inbox was started. */
  readonly id: string;
  /** The address in the mail's `From`, else that of the envelope. */
  readonly from: string;
  /** The addresses of the envelope: all who get the mail, whatever its head says. */
  readonly to: readonly string[];
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly text: string;
  /** `null` for a mail that is plain text only. */
  readonly html: string | null;
  /** The web addresses in both forms of the mail, each once, in the order in which they stand there. */
  readonly links: readonly string[];
}

export type MessageContent = Omit<Message, 'id' | 'receivedAt'>;
