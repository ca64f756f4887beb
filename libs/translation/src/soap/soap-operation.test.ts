import type { SoapOperationPolicy, SoapTranslationPolicy, SoapVersion } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml as parseTree, textAt } from '../../../../test/support/xml-tree.js';
import { MalformedAnswerError } from '../translation-fault.js';
import { compileSoap } from './compile-soap.js';
import { ENVELOPES } from './soap-operation.js';

const route = { method: 'GET', template: '/rates/{currency}', operation: 'getRate', tags: [] };
const enveloped = (body: string, version: SoapVersion = '1.1') =>
  `<s:Envelope xmlns:s="${ENVELOPES[version]}"><s:Body>${body}</s:Body></s:Envelope>`;
const policyOf = (
  operation: Partial<SoapOperationPolicy> = {},
  changes: Partial<SoapTranslationPolicy> = {},
): SoapTranslationPolicy => ({
  version: '1.1',
  operations: {
    getRate: {
      action: 'urn:rates#Get',
      envelope: enveloped(
        '<r:Get xmlns:r="urn:rates"><r:currency>${path.currency}</r:currency></r:Get>',
        changes.version,
      ),
      result: 'GetResponse/Rate',
      lists: [],
      numbers: [],
      booleans: [],
      nullStatus: 200,
      ...operation,
    },
  },
  faultStatuses: {},
  unknownFields: 'refuse',
  headers: { request: [], response: [] },
  maxRequestBytes: 1_024,
  maxResponseBytes: 1_024,
  ...changes,
});
const compiled = (...args: Parameters<typeof policyOf>) =>
  compileSoap(policyOf(...args), [route]).operations.get('getRate')!;
const faultsOf = (...args: Parameters<typeof policyOf>) =>
  compileSoap(policyOf(...args), [route]).faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
const request = (query = '', body?: unknown, currency = 'EUR') => ({
  pathParameters: new Map([['currency', currency]]),
  query: [...new URLSearchParams(query)],
  body,
});
const sent = (operation: ReturnType<typeof compiled>, of = request()) => {
  const translated = operation.translate(of);
  return 'body' in translated ? translated.body.toString() : translated;
};
const answer = (
  xml: string,
  options: { status?: number; type?: string; operation?: ReturnType<typeof compiled> } = {},
) =>
  (options.operation ?? compiled()).answer(
    options.status ?? 200,
    options.type ?? 'text/xml; charset=utf-8',
    Buffer.from(xml),
  );

describe('compileSoap', () => {
  it.each([
    ['<a>', /the envelope is not well-formed/],
    ['<a/>', /expected an Envelope of SOAP 1\.1/],
    [enveloped('<a/>', '1.2'), /expected an Envelope of SOAP 1\.1/],
    [`<s:Envelope xmlns:s="${ENVELOPES['1.1']}"/>`, /the envelope has no Body/],
    [`<!DOCTYPE a [<!ENTITY x "y">]>${enveloped('<a/>')}`, /a document type is not read/],
    [enveloped('<a>&x;</a>'), /not well-formed/],
    [enveloped('<a>${path.other}</a>'), /has no parameter "other"/],
    [enveloped('<a>${nothing}</a>'), /"nothing" is no part of a request/],
    [enveloped('<${path.currency}/>'), /not well-formed|values can be in texts/],
    [enveloped('<a><![CDATA[${path.currency}]]></a>'), /values can be in texts and attribute values only/],
    [enveloped('<a><!-- ${path.currency} --></a>'), /values can be in texts and attribute values only/],
    [enveloped('<a ${path.currency}="x"/>'), /values can be in texts/],
    [enveloped('<a b="${path.currency}">${path.currency}</a>'), /an element with a value in an attribute/],
  ])('refuses the envelope %s', (envelope, fault) => {
    expect(faultsOf({ envelope })).toEqual([expect.stringMatching(fault)]);
  });

  it('says which operations have no envelope', () => {
    const { operations, ...rest } = policyOf();
    const { faults } = compileSoap({ ...rest, operations: { other: operations['getRate']! } }, [route]);
    expect(faults.map(({ message }) => message)).toEqual([
      'the document has no such operation',
      'GET /rates/{currency} has no envelope: give one here',
    ]);
  });
});

describe('a request as an envelope', () => {
  it('has its values, and says by its fields what it is', () => {
    const old = compiled().translate(request());
    expect('body' in old && old).toMatchObject({
      body: Buffer.from(enveloped('<r:Get xmlns:r="urn:rates"><r:currency>EUR</r:currency></r:Get>')),
    });
    expect('body' in old && old.fields).toEqual(
      expect.arrayContaining(['text/xml; charset=utf-8', 'soapaction', '"urn:rates#Get"']),
    );
    const young = compiled({}, { version: '1.2' }).translate(request());
    expect('body' in young && young.fields[1]).toBe('application/soap+xml; charset=utf-8; action="urn:rates#Get"');
  });

  it('leaves out an element without a value, and has it as often as a list has values', () => {
    const envelope = enveloped('<a n="${query.n}"/><b x="1">${query.b}</b><c>${body/c}</c>');
    const operation = compiled({ envelope });
    expect(sent(operation)).toBe(enveloped('<a n=""/>'));
    expect(sent(operation, request('n=1&b=x&b=y', { c: [1, true, 'z'] }))).toBe(
      enveloped('<a n="1"/><b x="1">x</b><b x="1">y</b><c>1</c><c>true</c><c>z</c>'),
    );
    for (const of of [request('n=1&n=2'), request('m=1'), request('', { c: {} }), request('', { c: ['\u0000'] })])
      expect(sent(operation, of)).toEqual([expect.objectContaining({ message: expect.any(String) as string })]);
    expect(sent(compiled(), request('', {}))).toEqual([{ in: 'body', message: 'this operation takes no body' }]);
  });

  it('has any text as text: it ends no element and no attribute', () => {
    const operation = compiled({ envelope: enveloped('<a n="${query.n}"/><b>${path.currency}</b>') });
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('<', '>', '&', '"', "'", ']]>', '<!--', '&#0;', '\r', '\n', '\t', '${path.currency}'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const envelope = operation.translate({ ...request('', undefined, value), query: [['n', value]] });
        // oxlint-disable-next-line no-control-regex -- what XML cannot have
        const isPossible = value.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value);
        expect('body' in envelope).toBe(isPossible);
        if (!('body' in envelope)) return;
        const root = parseTree(envelope.body.toString());
        const body = root.children[0]!;
        expect(textAt(body, 'b') ?? '').toBe(value);
        expect(body.children[0]!.attributes['n']).toBe(value);
      }),
    );
  });
});

describe('an answer of SOAP', () => {
  it('is its result as JSON', () => {
    const rate =
      '<Rate xmlns:i="http://www.w3.org/2001/XMLSchema-instance" date="2026-01-02"><value>1.10</value><ok> true </ok><tag>a</tag><tag>b</tag>' +
      '<none i:nil="true"/><more><one>x &amp; y</one></more><__proto__>p</__proto__><empty/></Rate>';
    const operation = compiled({ numbers: ['value'], booleans: ['ok'], lists: ['more/one'] });
    const translated = answer(enveloped(`<GetResponse>${rate}</GetResponse>`), { operation });
    expect(JSON.stringify(translated)).toBe(
      JSON.stringify({
        kind: 'result',
        value: JSON.parse(
          '{"@date":"2026-01-02","value":"V","ok":true,"tag":["a","b"],"none":null,"more":{"one":["x & y"]},"__proto__":"p","empty":""}',
        ) as unknown,
      }).replace('"V"', '1.10'),
    );
    expect(answer(enveloped('<x:GetResponse xmlns:x="urn:x"><x:Rate>1</x:Rate></x:GetResponse>'))).toEqual({
      kind: 'result',
      value: '1',
    });
    expect(answer(enveloped('<GetResponse/>'))).toEqual({ kind: 'result', value: null });
    expect(answer(enveloped('<GetResponse/>'), { operation: compiled({ nullStatus: 404 }) })).toMatchObject({
      status: 404,
    });
  });

  it('is read in the charset that it says', () => {
    const xml = enveloped('<GetResponse><Rate>é</Rate></GetResponse>');
    const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`, 'latin1');
    expect(compiled().answer(200, 'text/xml', latin)).toEqual({ kind: 'result', value: 'é' });
    expect(compiled().answer(200, 'text/xml; charset=iso-8859-1', Buffer.from(xml, 'latin1'))).toEqual({
      kind: 'result',
      value: 'é',
    });
    expect(() => compiled().answer(200, 'text/xml', Buffer.from(xml, 'latin1'))).toThrow(MalformedAnswerError);
    expect(() => compiled().answer(200, 'text/xml; charset=klingon', Buffer.from(xml))).toThrow(MalformedAnswerError);
  });

  const old = (code: string, detail = '') =>
    enveloped(
      `<s:Fault><faultcode>${code}</faultcode><faultstring>why</faultstring><detail>${detail}</detail></s:Fault>`,
    );
  const young = (code: string, subcode: string) =>
    enveloped(
      `<s:Fault><s:Code><s:Value>${code}</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code>` +
        '<s:Reason><s:Text xml:lang="en">why</s:Text></s:Reason></s:Fault>',
      '1.2',
    );
  it.each([
    [old('s:Client'), 400],
    [old('Client.Authentication'), 401],
    [old('s:Server'), 502],
    [old('s:Server', '<e:NoSuchRate xmlns:e="urn:e">stack</e:NoSuchRate>'), 404],
    [old('s:MustUnderstand'), 502],
    [young('s:Sender', 'x:Other'), 400],
    [young('s:Receiver', 'x:Authentication'), 401],
    [young('s:Receiver', 'x:constructor'), 502],
    [enveloped('<s:Fault/>'), 502],
  ])('that is the fault %s has the status %i', (xml, status) => {
    const operation = compiled({}, { faultStatuses: { Authentication: 401, NoSuchRate: 404 } });
    const translated = answer(xml, { operation, status: 500 });
    expect(translated).toMatchObject({ kind: 'problem', status });
    expect(JSON.stringify(translated)).not.toContain('stack');
    expect(answer(xml, { operation, status: 200 })).toEqual(translated);
  });

  const bomb = '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  it.each([
    [`${bomb}${enveloped('<GetResponse><Rate>&b;</Rate></GetResponse>')}`],
    [`<!DOCTYPE l SYSTEM "file:///etc/passwd">${enveloped('<GetResponse/>')}`],
    [enveloped('<GetResponse><Rate>&b;</Rate></GetResponse>')],
    [enveloped('<GetResponse>')],
    [enveloped('<a>'.repeat(200) + '</a>'.repeat(200))],
    [enveloped(`<GetResponse>${'<a/>'.repeat(200_001)}</GetResponse>`)],
    [enveloped('<Other/>')],
    ['<GetResponse/>'],
    ['<Envelope xmlns="urn:other"><Body/></Envelope>'],
    [''],
    ['{"a":1}'],
  ])('that is %.100s is malformed', (xml) => {
    expect(() => answer(xml)).toThrow(MalformedAnswerError);
  });

  it('that is of another type or status is malformed, but for what a proxy says', () => {
    const sound = enveloped('<GetResponse><Rate>1</Rate></GetResponse>');
    for (const type of ['text/html', '', 'multipart/related; type="text/xml"', 'application/json'])
      expect(() => answer(sound, { type })).toThrow(MalformedAnswerError);
    expect(() => answer(sound, { status: 500 })).toThrow(MalformedAnswerError);
    expect(answer('busy', { status: 503, type: 'text/html' })).toMatchObject({ kind: 'problem', status: 503 });
  });
});
