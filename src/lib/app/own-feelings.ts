/**
 * Feeling words somebody wrote themselves: remembered on this device, wrapped like a draft, and nowhere else.
 */
import * as v from 'valibot';
import { feelingLengthMax } from '../base/limits.ts';
import type { Drafts } from '../store/drafts.ts';

/** How many are remembered; the one used longest ago goes first. */
export const ownFeelingsMax = 30;

const shape = v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(feelingLengthMax)));
const id = 'own-feelings';

export class OwnFeelings {
  readonly #drafts: Drafts;
  #last: Promise<readonly string[]> = Promise.resolve([]);

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  /** All of them, the one used last first. What is not readable counts as none. */
  async read(): Promise<readonly string[]> {
    const text = await this.#drafts.read(id);
    const parsed = v.safeParse(shape, text === undefined ? [] : JSON.parse(text));
    return parsed.success ? parsed.output : [];
  }

  /** Puts a word first, and resolves to all of them. Rejects where the disk does. */
  remember(word: string): Promise<readonly string[]> {
    return this.change((words) => [word, ...words.filter((other) => other !== word)].slice(0, ownFeelingsMax));
  }

  /** Forgets a word, and resolves to those that are left. What was said with it stays said. */
  forget(word: string): Promise<readonly string[]> {
    return this.change((words) => words.filter((other) => other !== word));
  }

  /** One change after another, each upon what the disk holds by then: another tab may have changed it. */
  change(change: (words: readonly string[]) => readonly string[]): Promise<readonly string[]> {
    const next = async (): Promise<readonly string[]> => {
      const words = change(await this.read());
      if (words.length === 0) await this.#drafts.forget(id);
      else await this.#drafts.keep(id, JSON.stringify(words));
      return words;
    };
    this.#last = this.#last.then(next, next);
    return this.#last;
  }
}
