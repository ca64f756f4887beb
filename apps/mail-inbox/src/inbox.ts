import type { Message, MessageContent } from './message.js';

/** Keeps the last mails in memory; older ones are forgotten. */
export class Inbox {
  private readonly nowMs: () => number;
  private readonly capacity: number;
  private messages: readonly Message[] = [];
  private count = 0;

  constructor(nowMs: () => number, capacity = 200) {
    this.nowMs = nowMs;
    this.capacity = capacity;
  }

  add(content: MessageContent): Message {
    this.count += 1;
    const message = { id: String(this.count), receivedAt: new Date(this.nowMs()).toISOString(), ...content };
    this.messages = [message, ...this.messages].slice(0, this.capacity);
    return message;
  }

  /** Newest first. */
  list(): readonly Message[] {
    return this.messages;
  }

  find(id: string): Message | undefined {
    return this.messages.find((message) => message.id === id);
  }

  clear(): void {
    this.messages = [];
  }
}
