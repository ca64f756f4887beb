/** What was made last, by what it was made of: at most `size` of it, of which that used longest ago goes first. */
export class Recent<Value> {
  private readonly kept = new Map<string, Value>();

  constructor(private readonly size: number) {}

  /** The value of `key`, which is made when it is not there. */
  get(key: string, make: () => Value): Value {
    const value = this.kept.has(key) ? (this.kept.get(key) as Value) : make();
    this.kept.delete(key);
    this.kept.set(key, value);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.size && oldest !== undefined) this.kept.delete(oldest);
    return value;
  }
}
