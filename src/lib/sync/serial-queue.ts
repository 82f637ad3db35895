/**
 * Tasks one after the other, in the order they were given.
 */

/** A failed task is told to the page's error handlers, and the next one runs all the same. */
export class SerialQueue {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Tasks given and not yet begun. */
  get waiting(): number {
    return this.#waiting;
  }

  add(task: () => void | Promise<void>): void {
    this.#waiting++;
    this.#tail = this.#tail.then(async () => {
      this.#waiting--;
      try {
        await task();
      } catch (error) {
        // Our own mistake, since a peer's are values. Thrown from here it would end the queue for good.
        queueMicrotask(() => {
          throw error;
        });
      }
    });
  }
}
