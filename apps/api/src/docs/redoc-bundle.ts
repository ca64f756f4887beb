import fs from 'node:fs/promises';

const LOGO_ELSEWHERE = /https:\/\/cdn\.redoc\.ly\/[\w./-]+/g;
/** One transparent pixel. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=';

/** Redoc's script without the logos that it would have browsers fetch from its makers: pages load nothing from elsewhere. */
export async function readRedocBundle(file: string): Promise<Buffer> {
  const script = await fs.readFile(file, 'utf8');
  return Buffer.from(script.replace(LOGO_ELSEWHERE, NOTHING));
}
