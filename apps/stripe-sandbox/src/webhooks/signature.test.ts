import { createHmac } from 'node:crypto';
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { signatureHeader } from './signature.js';

interface Vector {
  readonly name: string;
  readonly secret: string;
  readonly payload: string;
  readonly timestamp?: number;
  readonly header?: string;
  readonly hmac_sha256_hex?: string;
}

const vectorFile = path.resolve(import.meta.dirname, '../../../../../shared/stripe/webhook-signature-vectors.json');
const present = existsSync(vectorFile);

describe('signatureHeader', () => {
  it('signs the time and the body', () => {
    const expected = createHmac('sha256', 'whsec_1').update('1790000000.{"id":"evt_1"}').digest('hex');
    expect(signatureHeader(['whsec_1'], '{"id":"evt_1"}', 1_790_000_000)).toBe(`t=1790000000,v1=${expected}`);
  });

  it.skipIf(!present)(
    'makes the header of the published example (needs the signature vectors beside the repository)',
    () => {
      const { vectors } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { vectors: Vector[] };
      const example = vectors.find((vector) => vector.header !== undefined)!;
      expect(signatureHeader([example.secret], example.payload, example.timestamp!)).toBe(example.header);
    },
  );
});
