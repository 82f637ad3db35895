/**
 * The circles that a backup brought back, as they are kept on this device now.
 */
import type { RestoredRow } from '../../store/database.ts';
import { restoredRows } from '../../store/restored.ts';
import type { BackupCircle } from '../backup/format.ts';
import { openRestored } from '../backup/restored-circles.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export class RestoredView {
  readonly #live: Live<RestoredRow[], BackupCircle[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      () => restoredRows(app.database),
      async (rows) => {
        const circles = await Promise.all(rows.map((row) => openRestored(app, row)));
        return circles.flatMap((circle) => circle ?? []);
      },
      app.onProblem
    );
  }

  /** In an order of their own, always the same; `undefined` until read once. */
  get current(): readonly BackupCircle[] | undefined {
    return this.#live.current;
  }
}
