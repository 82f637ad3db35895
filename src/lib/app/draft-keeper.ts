/**
 * Keeps a check-in that is being written: every change goes to disk, wrapped, as fast as the disk takes them and never
 * faster. A crash loses at most the last few keystrokes.
 */
import * as v from 'valibot';
import type { PersonId } from '../base/ids.ts';
import { lastings } from '../care/audience.ts';
import { checkCheckIn, emptyDraft, helps, type CheckInDraft } from '../care/check-in.ts';
import type { Drafts } from '../store/drafts.ts';

const person = v.pipe(
  v.string(),
  v.transform((id) => id as PersonId)
);
/** Drafts from before an audience could be chosen have none; one that does not fit is never widened to everybody. */
const draftShape = v.object({
  point: v.nullable(v.object({ pleasantness: v.number(), energy: v.number() })),
  feelings: v.array(v.string()),
  words: v.string(),
  help: v.nullable(v.picklist(helps)),
  audience: v.optional(
    v.variant('type', [
      v.object({ type: v.literal('circle') }),
      v.object({ type: v.literal('people'), people: v.array(person) }),
      v.object({ type: v.literal('self') })
    ]),
    emptyDraft.audience
  ),
  lasting: v.optional(v.picklist(lastings), emptyDraft.lasting)
});

export class DraftKeeper {
  readonly #drafts: Drafts;
  readonly #id: string;
  #next: CheckInDraft | null | undefined;
  #writing: Promise<void> | undefined;
  readonly #onProblem: (problem: unknown) => void;

  /** One keeper a place to write: `say/3` for the composer of circle 3. */
  constructor(drafts: Drafts, id: string, onProblem: (problem: unknown) => void) {
    this.#drafts = drafts;
    this.#id = id;
    this.#onProblem = onProblem;
  }

  /** What was being written here; `undefined` where nothing was. */
  async read(): Promise<CheckInDraft | undefined> {
    const text = await this.#drafts.read(this.#id);
    if (text === undefined) return undefined;
    const parsed = v.safeParse(draftShape, JSON.parse(text));
    // A draft longer than may be said is a draft all the same; anything else that does not fit was never one of ours.
    return parsed.success && fits(parsed.output) ? parsed.output : undefined;
  }

  keep(draft: CheckInDraft): void {
    this.#write(draft);
  }

  /** It was said, or thrown away. Resolves when it is gone from disk. */
  async forget(): Promise<void> {
    this.#write(null);
    await this.#writing;
  }

  #write(draft: CheckInDraft | null): void {
    this.#next = draft;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  async #writeAll(): Promise<void> {
    while (this.#next !== undefined) {
      const draft = this.#next;
      this.#next = undefined;
      try {
        if (draft === null) await this.#drafts.forget(this.#id);
        else await this.#drafts.keep(this.#id, JSON.stringify(draft));
      } catch (problem) {
        this.#onProblem(problem);
      }
    }
  }
}

const fits = (draft: CheckInDraft): boolean => {
  const checked = checkCheckIn(draft);
  return checked.ok || checked.error.type === 'WordsTooLong';
};
