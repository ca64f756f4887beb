import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Adds a file to an archive; resolves when all of it is read. */
export type WritePart = (path: string, content: AsyncIterable<string> | Iterable<string>) => Promise<void>;

/**
 * The parts that `write` adds, one after the other, as a ZIP archive whose files have the date `writtenAt`. It is read no faster
 * than it is sent; when nobody reads it any more, the part that is being written is abandoned. A failure ends the stream with
 * the error.
 */
export function writeZip(write: (part: WritePart) => Promise<void>, writtenAt: Date): Readable {
  const zip = new ZipFile();
  const output = new PassThrough();
  const fail = (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on('error', fail);
  zip.outputStream.pipe(output);
  const part: WritePart = async (path, content) => {
    const stream = Readable.from(content, { objectMode: false });
    const abandon = () => stream.destroy();
    output.once('close', abandon);
    zip.addReadStream(stream, path, { mtime: writtenAt });
    await finished(stream);
    output.off('close', abandon);
  };
  write(part).then(() => zip.end(), fail);
  return output;
}
