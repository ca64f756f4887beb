import { describe, expect, it } from 'vitest';
import { decodeForm, elementsOf, type FormTree } from './form.js';

const decoded = (text: string): unknown => JSON.parse(JSON.stringify(decodeForm(text)));

describe('decodeForm', () => {
  it('reads nested hashes and indexed arrays as the SDKs write them', () => {
    expect(decoded('metadata[line_id]=l1&items[0][price]=p&items[1][price]=q&a=1')).toEqual({
      metadata: { line_id: 'l1' },
      items: { 0: { price: 'p' }, 1: { price: 'q' } },
      a: '1',
    });
  });

  it('reads empty brackets as the next element, and fills an element until one of its keys repeats', () => {
    expect(decoded('expand[]=a&expand[]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } });
    expect(decoded('i[][a]=1&i[][b]=2&i[][a]=3')).toEqual({ i: { 0: { a: '1', b: '2' }, 1: { a: '3' } } });
  });

  it('decodes percent signs and pluses, in keys too', () => {
    expect(decoded('metadata%5Ba+b%5D=x%26y+z')).toEqual({ metadata: { 'a b': 'x&y z' } });
  });

  it('keeps empty values, which unset fields', () => {
    expect(decoded('name=&email')).toEqual({ name: '', email: '' });
  });

  it('lets no key reach a prototype', () => {
    decodeForm('__proto__[polluted]=1&constructor[prototype][polluted]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses a key that is both a value and a hash, and a malformed escape', () => {
    expect(() => decodeForm('a=1&a[b]=2')).toThrow('both a value and a hash');
    expect(() => decodeForm('a=%zz')).toThrow('form-encoded');
  });

  it('refuses nesting without end', () => {
    expect(() => decodeForm(`a${'[b]'.repeat(17)}=1`)).toThrow('too deeply');
  });
});

describe('elementsOf', () => {
  it('orders elements by index, and is undefined for a hash', () => {
    const tree = decodeForm('a[10]=k&a[9]=j&b[x]=1') as { a: FormTree; b: FormTree };
    expect(elementsOf(tree.a)).toEqual(['j', 'k']);
    expect(elementsOf(tree.b)).toBeUndefined();
  });
});
