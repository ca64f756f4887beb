/** Gives out names for variables of a file, each once: "atlas_v1_upstream_url". */
export class VariableNames {
  private readonly taken = new Set<string>();

  /** A name made of these words; letters, digits and underscores only. */
  of(...words: readonly string[]): string {
    const joined = words.join('_').replace(/[^A-Za-z0-9]+/g, '_');
    const base = /^[A-Za-z]/.test(joined) ? joined : `api_${joined}`;
    let name = base;
    for (let number = 2; this.taken.has(name); number += 1) name = `${base}_${number}`;
    this.taken.add(name);
    return name;
  }
}
