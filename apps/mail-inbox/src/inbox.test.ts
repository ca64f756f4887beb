import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.js';
import { linksOf } from './links.js';
import type { MessageContent } from './message.js';

function aMail(subject: string): MessageContent {
  return { from: 'a@example.com', to: ['b@example.com'], subject, text: '', html: null, links: [] };
}

describe('Inbox', () => {
  it('lists the newest first and forgets the oldest', () => {
    const inbox = new Inbox(() => 0, 2);
    for (const subject of ['one', 'two', 'three']) inbox.add(aMail(subject));
    expect(inbox.list().map(({ id, subject }) => [id, subject])).toEqual([
      ['3', 'three'],
      ['2', 'two'],
    ]);
    expect(inbox.find('1')).toBeUndefined();
  });

  it('says when a mail came, and gives no id twice even after it was emptied', () => {
    const inbox = new Inbox(() => 1_000);
    inbox.add(aMail('one'));
    inbox.clear();
    expect(inbox.add(aMail('two'))).toMatchObject({ id: '2', receivedAt: '1970-01-01T00:00:01.000Z' });
    expect(inbox.list()).toHaveLength(1);
  });
});

describe('linksOf', () => {
  it('finds the addresses of both forms once, as a click would open them', () => {
    const text = 'Open https://x.example/verify?token=a&next=%2F, or (see https://x.example/help).';
    const html = '<a href="https://x.example/verify?token=a&amp;next=%2F">x</a> <A HREF=\'http://y.example\'>y</A>';
    expect(linksOf(text, html)).toEqual([
      'https://x.example/verify?token=a&next=%2F',
      'https://x.example/help',
      'http://y.example',
    ]);
  });

  it('leaves out what is not a web address', () => {
    expect(linksOf('ftp://x mailto:a@b', '<a href="javascript:alert(1)"><a href="#top">')).toEqual([]);
  });
});
