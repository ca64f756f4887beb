import type { ServiceContext } from '../context.js';

const BYTES = 8;

/** A word of 16 hex digits that says nothing about whom it stands for. */
export function randomWord({ fillRandom }: Pick<ServiceContext, 'fillRandom'>): string {
  const bytes = Buffer.alloc(BYTES);
  fillRandom(bytes);
  return bytes.toString('hex');
}
