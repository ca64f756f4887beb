/** How the messages of a stream are told to the client. */
export interface RowFormat {
  readonly contentType: string;
  /** A message, which is JSON without line ends. */
  row(json: string): string;
  /** What ends a stream that failed; `problem` is JSON without line ends. */
  failure(problem: string): string;
}

/** One JSON text a line. */
const LINES: RowFormat = {
  contentType: 'application/x-ndjson',
  row: (json) => `${json}\n`,
  failure: (problem) => `{"error":${problem}}\n`,
};

/** Server-sent events (HTML Living Standard §9.2). */
const EVENTS: RowFormat = {
  contentType: 'text/event-stream',
  row: (json) => `data: ${json}\n\n`,
  failure: (problem) => `event: error\ndata: ${problem}\n\n`,
};

/** Events for a client that names them in Accept, no less than lines; lines for all others. */
export function rowFormatFor(accept: string | null): RowFormat {
  if (accept === null || !accept.includes('event-stream')) return LINES;
  const events = qualityOf('text/event-stream', accept);
  return events > 0 && events >= qualityOf('application/x-ndjson', accept) ? EVENTS : LINES;
}

/** That of a media type which is named itself; 0 for none. */
function qualityOf(type: string, accept: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim());
    if (name !== type) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
