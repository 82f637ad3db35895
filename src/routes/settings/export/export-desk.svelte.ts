/**
 * Making a readable copy, step by step: gathered, and handed over. Nothing is changed on the device.
 */
import { exportFileName } from '$lib/app/export/export-name.ts';
import { gatherExport } from '$lib/app/export/gather-export.ts';
import { handFile } from '$lib/app/hand-file.ts';
import type { Shoulder } from '$lib/app/shoulder.ts';
import { m } from '$lib/i18n/messages';
import type { FileOutcome } from '$lib/ui/file-outcome.ts';

export class ExportDesk {
  readonly #app: Shoulder;
  #work = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
  #file = $state.raw<File | null>(null);
  #told = $state('');
  #stopping: AbortController | undefined;

  constructor(app: Shoulder) {
    this.#app = app;
  }

  get work() {
    return this.#work;
  }
  get ready(): boolean {
    return this.#file !== null;
  }
  get told(): string {
    return this.#told;
  }

  stop(): void {
    this.#stopping?.abort();
  }

  async make(): Promise<void> {
    if (this.#work !== null) return;
    this.#stopping = new AbortController();
    this.#told = '';
    this.#work = { done: 0, total: 0 };
    try {
      const madeAtMs = this.#app.clock.nowMs();
      const archive = await gatherExport(this.#app, {
        signal: this.#stopping.signal,
        onProgress: (done, total) => (this.#work = { done, total })
      });
      if (archive.ok) this.#file = new File([archive.value], exportFileName(madeAtMs), { type: archive.value.type });
      this.#told = archive.ok ? m.export_ready() : m.backup_stopped();
    } finally {
      this.#work = null;
    }
  }

  /** Call it while a tap is being answered. */
  async hand(): Promise<void> {
    if (this.#file !== null) this.#told = outcomes[await handFile(this.#file)]();
  }
}

const outcomes: Record<FileOutcome, () => string> = {
  shared: m.backup_shared,
  saved: m.export_saved,
  cancelled: m.backup_kept_here
};
