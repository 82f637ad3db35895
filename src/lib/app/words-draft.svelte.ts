/**
 * Words to a friend that are being written: every change goes to disk, wrapped, so that neither a crash nor a refusal
 * loses them.
 */
import { without, type WrappedNote, type Writings } from './side-notes.ts';

export class WordsDraft {
  readonly #writings: WrappedNote<Writings>;
  readonly #box: string;
  readonly #onProblem: (problem: unknown) => void;
  #words = $state('');
  #touched = false;
  #wanted: string | null | undefined;
  #writing: Promise<void> | undefined;

  /** One a box, by its name among the circle's writings. Reads what was being written there. */
  constructor(writings: WrappedNote<Writings>, box: string, onProblem: (problem: unknown) => void) {
    this.#writings = writings;
    this.#box = box;
    this.#onProblem = onProblem;
    void writings.read().then((all) => {
      const kept = all[box];
      if (kept !== undefined && !this.#touched) this.#words = kept;
    }, onProblem);
  }

  get words(): string {
    return this.#words;
  }

  readonly write = (words: string): void => {
    this.#touched = true;
    this.#words = words;
    this.#keep(words);
  };

  /** They were said. Resolves when they are gone from the box and the disk. */
  async forget(): Promise<void> {
    this.#touched = true;
    this.#words = '';
    this.#keep(null);
    await this.#writing;
  }

  /** As fast as the disk takes it and never faster: of several changes that wait, the last. */
  #keep(words: string | null): void {
    this.#wanted = words;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async #write(): Promise<void> {
    while (this.#wanted !== undefined) {
      const words = this.#wanted;
      this.#wanted = undefined;
      await this.#writings
        .update((all) => (words === null || words === '' ? without(all, this.#box) : { ...all, [this.#box]: words }))
        .catch(this.#onProblem);
    }
  }
}
