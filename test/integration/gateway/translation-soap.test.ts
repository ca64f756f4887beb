import http, { type IncomingHttpHeaders } from 'node:http';
import type { Route, SoapTranslationPolicy, SoapVersion } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';
import { makeVersion } from '../../support/translated-version.js';
import { all, parseXml, textAt } from '../../support/xml-tree.js';

const NAMESPACES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const routes: readonly Route[] = [
  { method: 'GET', template: '/rates/{currency}', operation: 'getRate', tags: [] },
  { method: 'POST', template: '/orders', operation: 'addOrder', tags: [] },
];
const envelope = (version: SoapVersion, body: string) =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${NAMESPACES[version]}"><s:Body>${body}</s:Body></s:Envelope>`;
const policyOf = (version: SoapVersion): SoapTranslationPolicy => ({
  version,
  operations: {
    getRate: {
      action: 'urn:rates#GetRate',
      envelope: envelope(
        version,
        '<r:GetRate xmlns:r="urn:rates"><r:currency>${path.currency}</r:currency><r:day>${query.day}</r:day></r:GetRate>',
      ),
      result: 'GetRateResponse/Rate',
      lists: [],
      numbers: ['value'],
      booleans: [],
      nullStatus: 404,
    },
    addOrder: {
      action: 'urn:rates#AddOrder',
      envelope: envelope(version, '<r:AddOrder xmlns:r="urn:rates"><r:line>${body/lines}</r:line></r:AddOrder>'),
      result: 'AddOrderResponse',
      lists: ['line'],
      numbers: [],
      booleans: [],
      nullStatus: 200,
    },
  },
  faultStatuses: { UnknownCurrency: 404 },
  unknownFields: 'refuse',
  headers: { request: [], response: [] },
  maxRequestBytes: 65_536,
  maxResponseBytes: 4_096,
});

let under: GatewayUnderTest;
let url: string;
const seen: { headers: IncomingHttpHeaders; currency: string | undefined }[] = [];
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A real endpoint, which reads XML strictly and speaks the version of SOAP that it is spoken to in. */
function answerTo(text: string, contentType: string): { readonly status: number; readonly xml: string } {
  const version = contentType.startsWith('text/xml') ? '1.1' : '1.2';
  const root = parseXml(text);
  if (root.attributes['xmlns:s'] !== NAMESPACES[version]) throw new Error('a version mismatch');
  const [body] = all(root, 's:Body');
  const currency = textAt(body!, 'r:GetRate', 'r:currency');
  seen.push({ headers: {}, currency });
  if (currency === undefined) {
    const lines = all(body!, 'r:AddOrder', 'r:line').map((line) => `<line>${escape(line.text)}</line>`);
    return {
      status: 200,
      xml: envelope(version, `<AddOrderResponse xmlns="urn:rates">${lines.join('')}</AddOrderResponse>`),
    };
  }
  if (currency === 'none') return { status: 200, xml: envelope(version, '<GetRateResponse xmlns="urn:rates"/>') };
  if (currency.length === 3) {
    const rate = `<Rate day="${textAt(body!, 'r:GetRate', 'r:day') ?? 'today'}"><value>1.100000000000000000001</value></Rate>`;
    return { status: 200, xml: envelope(version, `<GetRateResponse xmlns="urn:rates">${rate}</GetRateResponse>`) };
  }
  const isCallers = currency.startsWith('?');
  const detail = currency === 'unknown' ? '<UnknownCurrency xmlns="urn:rates">a stack</UnknownCurrency>' : '';
  if (version === '1.1') {
    const fault = `<faultcode>s:${isCallers ? 'Client' : 'Server'}</faultcode><faultstring>no ${escape(currency)}</faultstring>`;
    return { status: 500, xml: envelope(version, `<s:Fault>${fault}<detail>${detail}</detail></s:Fault>`) };
  }
  const code = `<s:Code><s:Value>s:${isCallers ? 'Sender' : 'Receiver'}</s:Value></s:Code>`;
  const reason = `<s:Reason><s:Text xml:lang="en">no ${escape(currency)}</s:Text></s:Reason>`;
  const fault = `<s:Fault>${code}${reason}<s:Detail>${detail}</s:Detail></s:Fault>`;
  return { status: isCallers ? 400 : 500, xml: envelope(version, fault) };
}
const server = http.createServer((request, response) => {
  void (async () => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const type = request.headers['content-type']!;
    const { status, xml } = answerTo(text, type);
    Object.assign(seen.at(-1)!, { headers: request.headers });
    response.writeHead(status, { 'content-type': type.split(';')[0]! }).end(xml);
  })();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/soap`;
  under = await startGatewayUnderTest();
});
afterAll(async () => {
  await under.dispose();
  server.close();
  server.closeAllConnections();
});

const serve = (version: SoapVersion, place: string) =>
  makeVersion(under, { routes, policies: { translation: { soap: policyOf(version) } }, upstream: { url: place } });

describe.each(['1.1', '1.2'] as const)('an operation by SOAP %s', (version) => {
  beforeAll(() => serve(version, url));

  it('is asked with an envelope, and answered with its result as JSON', async () => {
    const answer = await under.call('/rates/EUR?day=2026-01-02');
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"@day":"2026-01-02","value":1.100000000000000000001}',
    });
    const { headers } = seen.at(-1)!;
    if (version === '1.1')
      expect(headers).toMatchObject({ 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:rates#GetRate"' });
    else expect(headers['content-type']).toBe('application/soap+xml; charset=utf-8; action="urn:rates#GetRate"');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', billable: true, bytesIn: 0, bytesOut: answer.body.length });
  });

  it('has what callers say as text, whatever it is', async () => {
    const hostile = '</r:currency><evil>&x;<![CDATA[';
    expect((await under.call(`/rates/${encodeURIComponent(hostile)}`)).json()).toMatchObject({
      detail: `no ${hostile}`,
    });
    expect(seen.at(-1)!.currency).toBe(hostile);
    const body = JSON.stringify({ lines: ['a<b', 'c&d'] });
    const order = await under.call('/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(order.json()).toEqual({ line: ['a<b', 'c&d'] });
  });

  it.each([
    ['?bad', 400],
    ['broken', 502],
    ['unknown', 404],
    ['none', 404],
  ])('that ends with the fault of %s is a %i', async (currency, status) => {
    const answer = await under.call(`/rates/${encodeURIComponent(currency)}`);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ status, code: 'soap_fault' });
    expect(answer.body).not.toContain('stack');
    const event = await under.eventOf(answer.headers['tollgate-request-id']);
    expect(event).toMatchObject({ outcome: 'delivered', status });
  });
});

describe('an upstream that does not speak SOAP', () => {
  beforeAll(() => serve('1.1', under.upstream.url));

  const sound = envelope('1.1', '<GetRateResponse><Rate>1</Rate></GetRateResponse>');
  it.each([
    [
      'a document type',
      '<!DOCTYPE a [<!ENTITY b "c">]>' + sound.slice(sound.indexOf('?>') + 2),
      'text/xml',
      'upstream_broke',
    ],
    ['HTML', '<html>', 'text/html', 'upstream_broke'],
    ['an envelope without an end', sound.slice(0, -5), 'text/xml', 'upstream_broke'],
    ['more than may be', sound + ' '.repeat(5_000), 'text/xml', 'response_too_large'],
  ])('but answers with %s is a 502', async (_name, body, type, code) => {
    under.upstream.answer(200, body, { 'content-type': type });
    expect((await under.call('/rates/EUR')).json()).toMatchObject({ status: 502, code });
  });
});
