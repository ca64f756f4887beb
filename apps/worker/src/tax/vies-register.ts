import { type TaxId, type TaxIdAnswer, type TaxIdRegister, TaxIdRegisterError } from '#domain';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;
/** What a tax office says that does not tell names. */
const UNTOLD = /^-*$/;

const answer = z.object({
  valid: z.boolean(),
  name: z.string().nullish(),
  requestIdentifier: z.string().nullish(),
});
const fault = z.object({ errorWrappers: z.array(z.object({ error: z.string().max(100) })).min(1) });

/**
 * VIES of the European Commission, or what speaks its REST API at `baseUrl` (https://ec.europa.eu/taxation_customs/vies/rest-api). It asks
 * the tax office of the country, which is away at night or for days.
 */
export class ViesRegister implements TaxIdRegister {
  constructor(private readonly baseUrl: string) {}

  async ask({ value }: TaxId): Promise<TaxIdAnswer> {
    const body = await this.post({ countryCode: value.slice(0, 2), vatNumber: value.slice(2) });
    const said = answer.safeParse(body);
    if (!said.success) throw new TaxIdRegisterError(`VIES has no answer: ${faultOf(body)}.`);
    const { valid, name, requestIdentifier } = said.data;
    return {
      isRegistered: valid,
      name: textOf(name),
      reference: textOf(requestIdentifier),
    };
  }

  private async post(request: Readonly<Record<string, string>>): Promise<unknown> {
    try {
      const response = await fetch(`${this.baseUrl.replace(/\/$/, '')}/check-vat-number`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return await response.json();
    } catch (cause) {
      throw new TaxIdRegisterError(`VIES does not answer within ${TIMEOUT_MS} ms, or not in JSON.`, { cause });
    }
  }
}

/** Such as MS_UNAVAILABLE. */
function faultOf(body: unknown): string {
  const found = fault.safeParse(body);
  return found.success ? found.data.errorWrappers[0]!.error : 'it says something else than it documents';
}

function textOf(text: string | null | undefined): string | null {
  const trimmed = text?.trim().slice(0, 300) ?? '';
  return UNTOLD.test(trimmed) ? null : trimmed;
}
