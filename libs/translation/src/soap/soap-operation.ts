import type { SoapOperationPolicy, SoapTranslationPolicy, SoapVersion } from '#domain';
import { unboundFaults } from '../binding.js';
import type { RequestFault, RestRequest, TranslatedRequest } from '../rest-request.js';
import { MalformedAnswerError } from '../translation-fault.js';
import { type TranslatedAnswer, answerByStatus } from '../whole-answer.js';
import { elementJson } from './element-json.js';
import type { EnvelopeTemplate } from './envelope-template.js';
import { soapFaultOf, statusOfFault } from './soap-fault.js';
import { type XmlElement, XmlError, decodeXml, parseXml } from './xml.js';

export const ENVELOPES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const XML_TYPE = /^(?:text|application)\/(?:soap\+)?xml[ \t]*(?:;|$)/i;

/** One operation that is a call by SOAP. */
export class SoapOperation {
  private readonly fields: readonly string[];
  private readonly result: readonly string[];

  constructor(
    private readonly template: EnvelopeTemplate,
    private readonly operation: SoapOperationPolicy,
    private readonly policy: SoapTranslationPolicy,
  ) {
    this.fields = fieldsOf(operation.action, policy.version);
    this.result = operation.result.split('/');
  }

  translate(request: RestRequest): TranslatedRequest | readonly RequestFault[] {
    const unbound = unboundFaults(this.template.bindings, request, this.policy.unknownFields);
    const envelope = this.template.render(request);
    if (typeof envelope !== 'string') return [...unbound, ...envelope];
    if (unbound.length > 0) return unbound;
    return { path: this.policy.path ?? '', fields: this.fields, body: Buffer.from(envelope) };
  }

  /** @throws MalformedAnswerError for what is no answer of SOAP */
  answer(status: number, contentType: string, body: Buffer): TranslatedAnswer {
    if (!XML_TYPE.test(contentType)) return this.other(status, `it is ${contentType || 'of no type'}`);
    const content = bodyOf(contentType, body);
    if (typeof content === 'string') return this.other(status, content);
    const fault = content.children.find(({ name, uri }) => name === 'Fault' && uri === content.uri);
    if (fault) {
      const said = soapFaultOf(fault);
      const problemStatus = statusOfFault(said, this.policy.faultStatuses);
      const detail = said.reason || 'The API answered with a SOAP fault.';
      return { kind: 'problem', status: problemStatus, detail, says: { ...said } };
    }
    if (status < 200 || status > 299) return this.other(status, 'it has no fault');
    return this.resultIn(content);
  }

  private resultIn(content: XmlElement): TranslatedAnswer {
    const [first, ...rest] = this.result;
    let element = content.children.find(({ name }) => name === first);
    if (!element) throw new MalformedAnswerError(`the answer has no ${first!}`);
    for (const name of rest) element = element?.children.find((child) => child.name === name);
    const value = element === undefined ? null : elementJson(element, this.operation);
    const { nullStatus } = this.operation;
    if (value !== null || nullStatus === 200) return { kind: 'result', value };
    return { kind: 'problem', status: nullStatus, detail: 'There is nothing here.', says: {} };
  }

  private other(status: number, why: string): TranslatedAnswer {
    const known = answerByStatus(status);
    if (known) return known;
    throw new MalformedAnswerError(`the answer with the status ${status} is none of SOAP: ${why}`);
  }
}

/** The element Body, or why there is none. */
function bodyOf(contentType: string, bytes: Buffer): XmlElement | string {
  let root: XmlElement;
  try {
    root = parseXml(decodeXml(bytes, contentType));
  } catch (error) {
    if (error instanceof XmlError) return error.message;
    throw error;
  }
  const isEnvelope = root.name === 'Envelope' && Object.values(ENVELOPES).includes(root.uri);
  const body = root.children.find(({ name, uri }) => name === 'Body' && uri === root.uri);
  return isEnvelope && body ? body : 'it has no envelope with a body';
}

function fieldsOf(action: string, version: SoapVersion): readonly string[] {
  const common = ['accept-encoding', 'identity', 'user-agent', 'tollgate'];
  if (version === '1.1')
    return ['content-type', 'text/xml; charset=utf-8', 'soapaction', `"${action}"`, 'accept', 'text/xml', ...common];
  const parameter = action === '' ? '' : `; action="${action}"`;
  const type = `application/soap+xml; charset=utf-8${parameter}`;
  return ['content-type', type, 'accept', 'application/soap+xml', ...common];
}
