/**
 * Bringing a backup back, step by step: opened and judged as a whole in a worker, shown, and only then, after a yes, written.
 */
import type { Backup } from '$lib/app/backup/format.ts';
import { restoreBackup } from '$lib/app/backup/restore.ts';
import { openInWorker } from '$lib/app/backup/workshop.ts';
import type { Shoulder } from '$lib/app/shoulder.ts';
import { m } from '$lib/i18n/messages';
import { backupProblemSentence, type BackupProblem } from '$lib/ui/backup-words.ts';

interface Found {
  readonly madeAtMs: number;
  readonly own: boolean;
  readonly circles: readonly string[];
}

export class RestoreDesk {
  readonly #app: Shoulder;
  #work = $state.raw<{ stage: 'opening' | 'reading' | 'bringing'; done: number; total: number } | null>(null);
  #backup = $state.raw<Backup | null>(null);
  #told = $state('');
  #problem = $state(false);
  #done = $state(false);
  #stopping: AbortController | undefined;
  readonly #found = $derived(this.#backup === null ? null : foundIn(this.#backup));

  constructor(app: Shoulder) {
    this.#app = app;
  }

  get work() {
    return this.#work;
  }
  get found(): Found | null {
    return this.#found;
  }
  get told(): string {
    return this.#told;
  }
  get problem(): boolean {
    return this.#problem;
  }
  get done(): boolean {
    return this.#done;
  }

  stop(): void {
    this.#stopping?.abort();
  }

  other(): void {
    this.#backup = null;
    this.#tell('');
  }

  open(file: File, passphrase: string): Promise<void> {
    return this.#during({ stage: 'opening', done: 0, total: 0 }, async (signal) => {
      const onBytes = (done: number, total: number): void =>
        void (this.#work = { stage: done === 0 ? 'opening' : 'reading', done, total });
      const opened = await openInWorker({ file, passphrase }, { signal, onBytes });
      if (opened.ok) this.#backup = opened.value;
      else if (opened.error.type === 'Cancelled') this.#tell(m.restore_unopened());
      else this.#refuse(opened.error.type);
    });
  }

  bring(): Promise<void> {
    const backup = this.#backup;
    if (backup === null) return Promise.resolve();
    return this.#during({ stage: 'bringing', done: 0, total: 0 }, async (signal) => {
      const onProgress = (done: number, total: number): void => void (this.#work = { stage: 'bringing', done, total });
      const restored = await restoreBackup(this.#app, backup, { signal, onProgress });
      if (restored.ok) {
        this.#backup = null;
        this.#done = true;
        this.#tell(restored.value.changed ? m.restore_done() : m.restore_nothing_new());
        void this.#app.keepStorage().catch(this.#app.onProblem);
      } else if (restored.error.type === 'Cancelled') this.#tell(m.restore_stopped());
      // Every check-in was measured before: one that does not fit an envelope is no backup of ours.
      else if (restored.error.type === 'TooLarge') this.#refuse('Malformed');
      // One's own circle is on another copy of this device, where it can be brought back.
      else this.#refuse(restored.error.type === 'Retired' ? 'StorageRefused' : restored.error.type);
    });
  }

  async #during(work: NonNullable<RestoreDesk['work']>, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#work !== null) return;
    this.#stopping = new AbortController();
    this.#tell('');
    this.#work = work;
    try {
      await task(this.#stopping.signal);
    } catch (problem) {
      this.#app.onProblem(problem);
    } finally {
      this.#work = null;
    }
  }

  #refuse(problem: BackupProblem): void {
    this.#tell(backupProblemSentence(problem));
    this.#problem = true;
  }

  #tell(sentence: string): void {
    this.#told = sentence;
    this.#problem = false;
  }
}

const foundIn = ({ madeAt, circles }: Backup): Found => ({
  madeAtMs: Date.parse(madeAt),
  own: circles.some(({ own, said }) => own && said.length > 0),
  circles: circles.filter(({ own }) => !own).map(({ name }) => name)
});
