/**
 * Weighted rendezvous hashing: a key draws a number for each candidate, always the same, and the weights say which of them wins. So a key
 * leaves a candidate only when that goes, or for one whose weight has grown beside it, and needs no state that gateways would share.
 */
export function rendezvousScore(keyHash: number, seed: number, weight: number): number {
  return weight / -Math.log((mix(keyHash ^ seed) + 0.5) / 2 ** 32);
}

/** FNV-1a over the characters, mixed: 32 bits, not negative. Nothing is kept by it, so nobody gains by choosing a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** The end of MurmurHash3: each bit of the input moves half of the output's. Not negative. */
function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
