/**
 * Tasks one after the other, in the order they were given.
 */

/** A failed task is reported as an unhandled rejection, and the next one runs all the same. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #ended = false;

  /** Tasks given and not yet begun. */
  get waiting(): number {
    return this.#waiting;
  }

  add(task: () => unknown): void {
    if (this.#ended) return;
    this.#waiting++;
    this.#tail = this.#tail
      .then(() => {
        this.#waiting--;
        return this.#ended ? undefined : task();
      })
      .catch((problem: unknown) => {
        // Awaited by nobody: whoever watches for what nobody handled hears of it.
        void Promise.reject(problem);
      });
  }

  /** Resolves when every task that was given has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  /** From now on no task begins, also of those that wait. */
  end(): void {
    this.#ended = true;
  }
}
