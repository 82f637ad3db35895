/**
 * Erasing, step by step: friends told first where that is wished, and waited for until somebody has it or nobody waits longer.
 */
import { leaveCircles, sharedCircles, type Shared } from '$lib/app/commands/leaving.ts';
import { beginErasing } from '$lib/app/erase.ts';
import type { Shoulder } from '$lib/app/shoulder.ts';
import { LeavingView } from '$lib/app/views/leaving-view.ts';
import { m } from '$lib/i18n/messages';

export class EraseDesk {
  readonly #app: Shoulder;
  #shared = $state.raw<readonly Shared[]>();
  #leaving = $state.raw<LeavingView | null>(null);
  #busy = $state(false);
  #problem = $state<string | null>(null);

  constructor(app: Shoulder) {
    this.#app = app;
  }

  /** Circles with somebody in them; `undefined` until they have been read. */
  get circles(): readonly string[] | undefined {
    return this.#shared?.map(({ name }) => name);
  }
  /** How far it got; `null` where nobody was told. */
  get leaving() {
    return this.#leaving === null ? null : (this.#leaving.current ?? []);
  }
  /** Whether somebody in each circle has it, or a relay that keeps it for them. */
  get isOut(): boolean {
    const told = this.leaving;
    return told !== null && told.length > 0 && told.every(({ got }) => got !== 'here');
  }
  get busy(): boolean {
    return this.#busy;
  }
  get problem(): string | null {
    return this.#problem;
  }

  async look(): Promise<void> {
    this.#shared = await sharedCircles(this.#app);
  }

  async erase(telling: boolean): Promise<void> {
    const shared = this.#shared ?? [];
    this.#busy = true;
    this.#problem = null;
    try {
      const told = telling ? await leaveCircles(this.#app, shared) : null;
      if (told === null) beginErasing();
      else if (told.ok) this.#leaving = new LeavingView(this.#app, shared);
      else this.#problem = m.erase_not_told();
    } finally {
      this.#busy = false;
    }
  }

  now(): void {
    beginErasing();
  }
}
