import type { PublicPlace } from '#persistence';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { PLACES_OF_A_FILE, renderSitemap, renderSitemapIndex, sitemapFiles } from './sitemap.js';

const place = (parts: Partial<PublicPlace>): PublicPlace => ({
  kind: 'version',
  slug: 'atlas',
  name: 'v1',
  changedAt: null,
  ...parts,
});

describe('a sitemap', () => {
  it('names at most 50,000 addresses in a file', () => {
    const places = Array.from({ length: PLACES_OF_A_FILE }, (_, index) => place({ slug: `a${index}` }));
    expect(renderSitemap(places, 'https://x.example', true).match(/<loc>/g)).toHaveLength(50_000);
  });

  it.each([
    [0, 1],
    [PLACES_OF_A_FILE, 1],
    [PLACES_OF_A_FILE + 1, 2],
    [PLACES_OF_A_FILE * 3, 3],
  ])('of %d places needs %d files', (places, files) => {
    expect(sitemapFiles(places)).toBe(files);
  });

  it('is XML with addresses at the portal, and the day of a change where it is known', () => {
    const changedAt = new Date('2026-11-10T23:59:59Z');
    const text = renderSitemap(
      [place({ name: 'v1 & "2"', changedAt }), place({ kind: 'terms', name: null })],
      'https://x.example',
      false,
    );
    new SaxesParser().write(text).close();
    expect(text.split('\n').slice(2, 4)).toEqual([
      '<url><loc>https://x.example/docs/atlas/v1%20%26%20%222%22</loc><lastmod>2026-11-10</lastmod></url>',
      '<url><loc>https://x.example/products/atlas/terms</loc></url>',
    ]);
  });

  it('of several files is one that names them', () => {
    const text = renderSitemapIndex(2, 'https://x.example');
    new SaxesParser().write(text).close();
    expect(text.match(/<loc>.*?<\/loc>/g)).toEqual([
      '<loc>https://x.example/sitemaps/1.xml</loc>',
      '<loc>https://x.example/sitemaps/2.xml</loc>',
    ]);
  });
});
