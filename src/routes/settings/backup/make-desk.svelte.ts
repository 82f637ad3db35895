/**
 * Making a backup, step by step: gathered, closed in a worker, handed over. Nothing is changed on the device but the note that
 * one was made.
 */
import { gatherBackup } from '$lib/app/backup/gather.ts';
import { noteBackup } from '$lib/app/backup/backup-day.ts';
import { backupFileName } from '$lib/app/backup/backup-name.ts';
import { sixWordPassphrase } from '$lib/app/backup/passphrase.ts';
import { sealInWorker } from '$lib/app/backup/workshop.ts';
import { handFile } from '$lib/app/hand-file.ts';
import type { Shoulder } from '$lib/app/shoulder.ts';
import { m } from '$lib/i18n/messages';
import { backupOutcomeSentence } from '$lib/ui/backup-words.ts';

export class MakeDesk {
  readonly #app: Shoulder;
  #words = $state.raw<readonly string[] | null>(null);
  #work = $state.raw<{ stage: 'gathering' | 'closing'; done: number; total: number } | null>(null);
  #file = $state.raw<File | null>(null);
  #told = $state('');
  #stopping: AbortController | undefined;

  constructor(app: Shoulder) {
    this.#app = app;
    this.otherWords();
  }

  get words(): readonly string[] | null {
    return this.#words;
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

  otherWords(): void {
    sixWordPassphrase(this.#app.random).then((words) => (this.#words = words.split(' ')), this.#app.onProblem);
  }

  stop(): void {
    this.#stopping?.abort();
  }

  async make(passphrase: string): Promise<void> {
    if (this.#work !== null) return;
    this.#stopping = new AbortController();
    this.#told = '';
    this.#work = { stage: 'gathering', done: 0, total: 0 };
    try {
      await this.#make(passphrase, this.#stopping.signal);
    } catch (problem) {
      this.#app.onProblem(problem);
    } finally {
      this.#work = null;
    }
  }

  /** Call it while a tap is being answered. */
  async hand(): Promise<void> {
    if (this.#file === null) return;
    const outcome = await handFile(this.#file);
    this.#told = backupOutcomeSentence(outcome);
    if (outcome !== 'cancelled') await noteBackup(this.#app.database, this.#app.clock.nowMs());
  }

  async #make(passphrase: string, signal: AbortSignal): Promise<void> {
    const madeAtMs = this.#app.clock.nowMs();
    const json = await gatherBackup(this.#app, {
      signal,
      onProgress: (done, total) => (this.#work = { stage: 'gathering', done, total })
    });
    const sealed = json.ok
      ? await sealInWorker(
          { json: json.value, passphrase, madeAtMs },
          { signal, onBytes: (done, total) => (this.#work = { stage: 'closing', done, total }) }
        )
      : json;
    if (sealed.ok) {
      this.#file = new File([sealed.value], backupFileName(madeAtMs), { type: sealed.value.type });
      this.#told = m.backup_ready();
    } else this.#told = sealed.error.type === 'Cancelled' ? m.backup_stopped() : m.backup_out_of_strength();
  }
}
