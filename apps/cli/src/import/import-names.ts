import { slugOf } from '#domain';

/** Slugs from names of a file, each given once. */
export class ImportNames {
  private readonly given = new Set<string>();

  /** The slug of a name, with a number behind it where another has it already. */
  slug(name: string): string {
    const wanted = slugOf(name);
    for (let number = 1; ; number++) {
      const slug = number === 1 ? wanted : `${wanted}-${number}`;
      if (this.given.has(slug)) continue;
      this.given.add(slug);
      return slug;
    }
  }
}

/** A name as a title: on one line, of a length that titles may have, and with nothing that a file takes for a variable. */
export function titleFrom(name: string): string {
  return name.replace(/\s+/g, ' ').replaceAll('${', '$ {').trim().slice(0, 80).trim() || 'Imported';
}
