/**
 * What came of a pure function, by its exact input. What throws is not remembered.
 */
export class Memory<T> {
  readonly #known = new Map<string, T>();

  /** What came of this input before, or else what `work` makes of it. */
  of(input: string, work: () => T): T {
    const known = this.#known.get(input);
    if (known !== undefined) return known;
    const made = work();
    this.#known.set(input, made);
    return made;
  }
}
