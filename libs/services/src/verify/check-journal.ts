import fs from 'node:fs/promises';
import { type SegmentContent, listSegmentFiles, readSegmentPayloads } from '#journal';
import { type Transaction, readAcknowledgements } from '#persistence';
import { segmentContentHash } from '#queues';
import type { Finding } from './verify-report.js';

export interface JournalFinding {
  readonly checked: number;
  readonly difference: Finding | null;
}

/**
 * What lies in a journal folder, or in the folders in it, is in the ledger with the same content. Segments without
 * events do not count: they say nothing. The transaction must see what is committed while it runs, as gateways go on.
 */
export async function checkJournal(transaction: Transaction, folder: string): Promise<JournalFinding> {
  let checked = 0;
  for (const file of await listSegmentFiles(folder)) {
    const content = await readIfThere(file);
    if (!content || content.payloads.length === 0) continue;
    checked += 1;
    const difference = await compare(transaction, file, content);
    if (difference) return { checked, difference };
  }
  return { checked, difference: null };
}

async function compare(
  transaction: Transaction,
  file: string,
  { header, payloads, damage }: SegmentContent,
): Promise<Finding | null> {
  const row = `journal ${header.gatewayId}/${header.epoch}/${header.segment}`;
  const [acknowledged] = await readAcknowledgements(transaction, [header]);
  // Once it is acknowledged its gateway deletes it: what is gone by now was.
  if (!acknowledged && !(await isThere(file))) return null;
  const expected = `acknowledged with ${payloads.length} events`;
  if (!acknowledged) {
    const state =
      damage && file.endsWith('.sealed') ? `damaged (${damage.message}) and not acknowledged` : 'not acknowledged';
    return { row, expected, actual: state, message: `The events in ${file} are not in the ledger yet.` };
  }
  const hash = segmentContentHash(payloads);
  if (acknowledged.contentHash === hash) return null;
  return {
    row,
    expected: `content ${hash}, as on disk`,
    actual: `content ${acknowledged.contentHash}`,
    message: `The ledger has something else under the number of ${file}.`,
  };
}

/** Null when it is gone meanwhile; one that was sealed meanwhile is read under its new name. */
async function readIfThere(file: string): Promise<SegmentContent | null> {
  for (const name of [file, file.replace(/\.open$/, '.sealed')]) {
    try {
      return await readSegmentPayloads(name);
    } catch (error) {
      if (!isMissing(error) && !isHeaderUnwritten(error, name)) throw error;
    }
  }
  return null;
}

async function isThere(file: string): Promise<boolean> {
  for (const name of [file, file.replace(/\.open$/, '.sealed')]) {
    const stats = await fs.stat(name).catch(() => null);
    if (stats) return true;
  }
  return false;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A segment that has just been begun holds no event. */
function isHeaderUnwritten(error: unknown, file: string): boolean {
  return (
    file.endsWith('.open') && error instanceof Error && 'code' in error && error.code === 'journal_header_unreadable'
  );
}
