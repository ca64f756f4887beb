import type { Exchange } from '../exchange.js';
import type { StoredAnswer } from '../stored/stored-answer.js';
import { HeldAnswer, headersOfChanged, isBodyChanged } from './held-answer.js';

/** A stored answer with its body as the publisher wants it for this request; the upstream's own is what is stored. */
export function changedAnswer(exchange: Exchange, answer: StoredAnswer): StoredAnswer {
  const { transformation } = exchange.operation!;
  const changes = transformation === null ? null : transformation.response;
  const { status, headers, body } = answer;
  if (changes === null || !isBodyChanged(changes, exchange.request.method!, status, headers)) return answer;
  const held = new HeldAnswer(changes, status, headers);
  const changed = held.add(body) ? held.changed(exchange) : null;
  return changed === null ? answer : { status, headers: headersOfChanged(headers, changed.length), body: changed };
}
