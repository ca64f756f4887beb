import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DecisionBook, ReportVerdict } from '../decision-book.js';
import { type TicketedReport, readReport } from './report-schema.js';

export const REPORTS = '/reports';
const maxBytes = 1024 * 1024;

/**
 * Takes reports by POST: one as a JSON object, or several as an array or as lines of JSON. All are taken, or none when one cannot be
 * read. The answer counts what became of them; asking again with the same changes nothing.
 */
export function takeReports(book: DecisionBook, request: IncomingMessage, response: ServerResponse): void {
  const answer = (status: number, body: object): void => {
    const text = `${JSON.stringify(body)}\n`;
    const fields = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(status, fields).end(text);
  };
  if (request.method !== 'POST') return answer(405, { error: 'Reports are sent with POST.' });
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxBytes) return void chunks.push(chunk);
    request.removeAllListeners('data').resume();
    response.setHeader('connection', 'close');
    answer(413, { error: `At most ${maxBytes} bytes are taken at once.` });
  });
  request.on('end', () => {
    if (response.writableEnded) return;
    const read = readAll(Buffer.concat(chunks).toString('utf8'));
    if (typeof read === 'string') return answer(400, { error: read });
    const counts: Partial<Record<ReportVerdict, number>> = {};
    for (const { ticket, report } of read) {
      const verdict = book.report(ticket, report);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    answer(200, counts);
  });
}

function readAll(text: string): readonly TicketedReport[] | string {
  const values = parseValues(text);
  if (values === null) return 'This is neither JSON nor lines of JSON.';
  const reports: TicketedReport[] = [];
  for (const [index, value] of values.entries()) {
    let fault = '';
    const report = readReport(value, (what) => (fault = what));
    if (report === null) return `Report ${index + 1}: ${fault}`;
    reports.push(report);
  }
  return reports;
}

function parseValues(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return parseLines(text);
  }
}

function parseLines(text: string): readonly unknown[] | null {
  try {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}
