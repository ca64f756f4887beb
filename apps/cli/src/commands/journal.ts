import { loadSettings } from '#config';
import { listSegmentFiles, readSegmentPayloads, salvageFile } from '#journal';
import { parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { type SegmentSummary, summarizeSegment } from '../journal/segment-summary.js';
import { print, printJson, remark } from '../output.js';

/** `tollgate journal stat`: what lies in the journal, file by file; exit 1 when something in it cannot be read. */
export async function journalStat(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    folder: { type: 'string' },
    file: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  const totals = { segments: 0, events: 0, bytes: 0, damaged: 0 };
  const segments: SegmentSummary[] = [];
  for (const file of await chosenFiles(options)) {
    const summary = await summarizeSegment(file);
    if (summary === null) continue;
    totals.segments++;
    totals.events += summary.events;
    totals.bytes += summary.bytes;
    if (summary.damage !== null) totals.damaged++;
    if (options.json) segments.push(summary);
    else await print(`${describe(summary)}\n`);
  }
  if (options.json) await printJson({ ...totals, files: segments });
  else await print(`${totals.segments} segments, ${totals.events} events, ${totals.bytes} bytes\n`);
  if (totals.damaged > 0) remark(`${totals.damaged} damaged: what is readable of them is what "journal cat" prints.`);
  return totals.damaged > 0 ? EXIT.negative : EXIT.ok;
}

/** `tollgate journal cat`: the events in the journal, one JSON document a line, as the gateway wrote them. */
export async function journalCat(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    folder: { type: 'string' },
    file: { type: 'string', multiple: true },
    request: { type: 'string' },
  });
  let damaged = 0;
  for (const file of await chosenFiles(options)) {
    const summary = await summarizeSegment(file);
    if (summary === null) continue;
    if (summary.damage !== null) {
      damaged++;
      remark(`${file}: ${summary.damage.message}; ${summary.events} events before it are readable.`);
    }
    if (summary.gatewayId === null) continue;
    const { payloads } = await readSegmentPayloads(file);
    for (const payload of payloads) {
      const line = payload.toString('utf8');
      if (options.request === undefined || line.includes(`"${options.request}"`)) await print(`${line}\n`);
    }
  }
  return damaged > 0 ? EXIT.negative : EXIT.ok;
}

/** `tollgate journal salvage`: puts what can be read of a damaged segment in its place, so that its gateway ships it. */
export async function journalSalvage(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    file: { type: 'string' },
    gateway: { type: 'string' },
    json: { type: 'boolean' },
  });
  const salvaged = await salvageFile(required(options.file, '--file'), options.gateway);
  const { file, damagedFile, gatewayId, epoch, segment, events, lostEvents, unreadableBytes } = salvaged;
  if (options.json) await printJson(salvaged);
  else {
    const lost = lostEvents === null ? `an unknown number are lost` : `${lostEvents} are lost`;
    await print(
      `${gatewayId}/${epoch}/${segment}: ${events} events can be read, ${lost} (${unreadableBytes} bytes).\n` +
        `${file} is whole now, and is shipped within seconds. The damaged one is kept as ${damagedFile}.\n`,
    );
  }
  return EXIT.ok;
}

/** The files named, or all of the folder named, or all of the folder that the gateways here write to. */
async function chosenFiles({
  folder,
  file,
}: {
  readonly folder?: string | undefined;
  readonly file?: string[] | undefined;
}): Promise<readonly string[]> {
  return file ?? listSegmentFiles(folder ?? loadSettings('cli').JOURNAL_DIR);
}

function describe({ file, state, gatewayId, epoch, segment, bytes, events, firstAt, lastAt, damage }: SegmentSummary) {
  const name = gatewayId === null ? file : `${gatewayId}/${epoch}/${segment}`;
  const span = firstAt && lastAt ? ` from ${firstAt.toISOString()} to ${lastAt.toISOString()}` : '';
  const fault = damage === null ? '' : `, DAMAGED: ${damage.message}`;
  return `${name} ${state}: ${events} events, ${bytes} bytes${span}${fault}`;
}
