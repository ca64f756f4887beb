/** What an operation answers; the server turns it into HTTP. */
export type ApiAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly headers?: AnswerHeaders }
  | { readonly kind: 'bytes'; readonly status: number; readonly body: Buffer; readonly headers: AnswerHeaders }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: AnswerHeaders }
  /** Newline-delimited JSON, sent line by line. Nothing is read from `lines` for a HEAD request. */
  | { readonly kind: 'lines'; readonly lines: AsyncIterable<unknown> };

export type AnswerHeaders = Readonly<Record<string, string>>;

/** A 200 with a JSON body. */
export function ok(body: unknown, headers: AnswerHeaders = {}): ApiAnswer {
  return { kind: 'json', status: 200, body, headers };
}
