/**
 * How far it got that one leaves, while one waits for it.
 */
import { Live } from '../live.svelte.ts';
import {
  queryLeaving,
  readLeaving,
  type Leaving,
  type LeavingApp,
  type LeavingRows,
  type Shared
} from '../commands/leaving.ts';

export class LeavingView {
  readonly #live: Live<LeavingRows[], Leaving[]>;

  constructor(app: LeavingApp & { readonly onProblem: (problem: unknown) => void }, shared: readonly Shared[]) {
    this.#live = new Live(
      () => queryLeaving(app, shared),
      (rows) => readLeaving(app, rows),
      app.onProblem
    );
  }

  /** `undefined` until it has been read from disk once. */
  get current(): readonly Leaving[] | undefined {
    return this.#live.current;
  }
}
