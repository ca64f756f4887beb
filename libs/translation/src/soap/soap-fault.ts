import type { XmlElement } from './xml.js';

/** What went wrong, as SOAP 1.1 (§4.4) or 1.2 (Part 1, §5.4) says it. */
export interface SoapFault {
  /** Names without prefix, the outermost first: "Client" or "Sender", and subcodes. */
  readonly codes: readonly string[];
  readonly reason: string;
  /** The name of the first element in the detail; null for none. */
  readonly detail: string | null;
}

const maxReasonChars = 1_000;

export function soapFaultOf(fault: XmlElement): SoapFault {
  const child = (of: XmlElement | undefined, name: string) => of?.children.find((one) => one.name === name);
  const isOld = child(fault, 'faultcode') !== undefined;
  const codes = isOld
    ? // Of SOAP 1.1, where a dot comes before what is more exact: "Client.Authentication".
      localName(child(fault, 'faultcode')!.text).split('.')
    : codesIn(child(fault, 'Code'));
  const reason = isOld ? child(fault, 'faultstring') : child(child(fault, 'Reason'), 'Text');
  const detail = child(fault, isOld ? 'detail' : 'Detail');
  return {
    codes: codes.slice(0, 10).map((code) => code.slice(0, 100)),
    reason: (reason?.text.trim() ?? '').slice(0, maxReasonChars),
    detail: detail?.children[0]?.name ?? null,
  };
}

/** The publisher's status for the most exact name that has one; else 400 for what is the caller's fault, 502 for all other faults. */
export function statusOfFault({ codes, detail }: SoapFault, own: Readonly<Record<string, number>>): number {
  const names = [...(detail === null ? [] : [detail]), ...codes.toReversed()];
  const named = names.find((name) => Object.hasOwn(own, name));
  if (named !== undefined) return own[named]!;
  return codes[0] === 'Client' || codes[0] === 'Sender' ? 400 : 502;
}

function codesIn(code: XmlElement | undefined): string[] {
  if (!code) return [];
  const value = code.children.find(({ name }) => name === 'Value');
  return [localName(value?.text ?? ''), ...codesIn(code.children.find(({ name }) => name === 'Subcode'))];
}

function localName(text: string): string {
  return text.trim().replace(/^[^:]*:/, '');
}
