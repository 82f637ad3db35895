/**
 * Whether only one's own network is used, as it is set now, in whichever tab that was.
 */
import { Live } from '../live.svelte.ts';
import { isOwnNetworkOnly } from '../own-network-setting.ts';
import type { Shoulder } from '../shoulder.ts';

export class OwnNetworkView {
  readonly #live: Live<boolean, boolean>;

  constructor({ database, onProblem }: Shoulder) {
    this.#live = new Live(
      () => isOwnNetworkOnly(database),
      (on) => on,
      onProblem
    );
  }

  /** `undefined` until read once. */
  get current(): boolean | undefined {
    return this.#live.current;
  }
}
