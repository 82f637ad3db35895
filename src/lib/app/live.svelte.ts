/**
 * A live view of the database: rows are queried again whenever they change, in this tab or another, and read outside
 * the transaction, because reading means opening envelopes. Watches only while something on screen looks at it.
 */
import { createSubscriber } from 'svelte/reactivity';
import { watch } from '../store/watch.ts';

export class Live<Rows, T> {
  #current = $state.raw<T | undefined>();
  readonly #look: () => void;

  /** `query` touches only the database; `read` may take its time. The latest answer wins. */
  constructor(query: () => Promise<Rows>, read: (rows: Rows) => T | Promise<T>, onProblem: (problem: unknown) => void) {
    this.#look = createSubscriber(() => {
      let turn = 0;
      const watching = watch(
        query,
        (rows) => {
          const mine = ++turn;
          Promise.resolve(read(rows)).then((value) => {
            if (mine === turn) this.#current = value;
          }, onProblem);
        },
        onProblem
      );
      return () => {
        turn = -1;
        watching.unsubscribe();
      };
    });
  }

  /** `undefined` until the first answer. */
  get current(): T | undefined {
    this.#look();
    return this.#current;
  }
}
