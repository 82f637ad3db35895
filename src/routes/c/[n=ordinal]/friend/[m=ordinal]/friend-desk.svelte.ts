/**
 * What one does on somebody's opened card: commands with their boxes, their one problem at a time, and nothing lost.
 */
import {
  answerReachOut,
  askAdvice,
  clearReachOut,
  giveGesture,
  openAdvice,
  reachOut,
  sayBeenThere,
  sayHelped,
  sayLetter,
  sayReply,
  sayThought,
  type AnswerError
} from '$lib/app/commands/answers.ts';
import { takeBack } from '$lib/app/commands/saying.ts';
import { keepSecond, type SecondPerson } from '$lib/app/second-person.ts';
import type { LocalCircle, Shoulder } from '$lib/app/shoulder.ts';
import { without, writingsOf } from '$lib/app/side-notes.ts';
import { rememberHeard } from '$lib/app/views/friend-view.ts';
import { WordsDraft } from '$lib/app/words-draft.svelte.ts';
import { err, type Result } from '$lib/base/result.ts';
import type { PersonId } from '$lib/base/ids.ts';
import type { About, Gesture } from '$lib/care/answers.ts';
import type { ReachAnswer, ShownReachOut } from '$lib/care/between.ts';
import type { Writing } from '$lib/ui/writing.ts';
import { sayErrorSentence } from '../../../../say-error-sentence.ts';

type Said = Promise<Result<unknown, AnswerError>>;

/** Words without the check-in they were for. */
export interface Stranded {
  readonly box: string;
  readonly words: string;
}

const aboutText = ({ device, id }: About): string => `${device} ${id}`;

export class FriendDesk {
  readonly #app: Shoulder;
  readonly #circle: LocalCircle;
  /** The check-in that is open; `null` where nothing was said. */
  readonly #about: () => About | null;
  readonly #friend: () => PersonId;
  #busy = $state(false);
  /** What was not said, by the box it stood in; `''` for what has no box. */
  #problem = $state.raw<{ readonly box: string; readonly sentence: string } | null>(null);
  #thinksAlong = $state(false);
  #second = $state.raw<SecondPerson | null>(null);
  #stranded = $state.raw<Stranded | null>(null);
  /** Boxes that belong to one check-in: what was written to another is never sent to this one. */
  readonly #reply: Writing = $derived.by(() => this.#boxOnAbout('reply', this.#sayReply));
  readonly #beenThere: Writing = $derived.by(() => this.#boxOnAbout('been-there', this.#sayBeenThere));
  readonly letter: Writing;
  readonly reachOut: Writing;
  readonly #ordinal: number;

  constructor(
    app: Shoulder,
    circle: LocalCircle,
    place: { readonly ordinal: number; readonly friend: () => PersonId; readonly about: () => About | null }
  ) {
    this.#app = app;
    this.#circle = circle;
    this.#about = place.about;
    this.#friend = place.friend;
    this.#ordinal = place.ordinal;
    this.letter = this.#writing(`letter/${place.ordinal}`, (words) => sayLetter(app, circle, place.friend(), words));
    this.reachOut = this.#writing(`reach-out/${place.ordinal}`, (words) => this.#reachOut(words));
  }

  get reply(): Writing {
    return this.#reply;
  }

  get beenThere(): Writing {
    return this.#beenThere;
  }

  /** Words that were being written to a check-in that is not the newest any more; found by `lookForStranded`. */
  get stranded(): Stranded | null {
    return this.#stranded;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get problem(): string | null {
    return this.#problem?.box === '' ? this.#problem.sentence : null;
  }

  get replyThinksAlong(): boolean {
    return this.#thinksAlong;
  }

  get second(): SecondPerson | null {
    return this.#second;
  }

  readonly onreplythinksalong = (thinksAlong: boolean): void => {
    this.#thinksAlong = thinksAlong;
  };
  readonly onsecond = (second: SecondPerson | null): void => {
    this.#second = second;
  };
  readonly ongesture = (gesture: Gesture | null): void =>
    this.#act(() => this.#onAbout((about) => giveGesture(this.#app, this.#circle, about, gesture)));
  readonly onaskadvice = (): void =>
    this.#act(() => this.#onAbout((about) => askAdvice(this.#app, this.#circle, about)));
  readonly onopenadvice = (): void =>
    this.#act(() => this.#onAbout((about) => openAdvice(this.#app, this.#circle, about)));
  readonly onthought = (): void => this.#act(() => sayThought(this.#app, this.#circle, this.#friend()));
  readonly onhelped = (about: About): void => this.#act(() => sayHelped(this.#app, this.#circle, about));
  readonly onreachanswer = (about: About, answer: ReachAnswer): void =>
    this.#act(() => answerReachOut(this.#app, this.#circle, about, answer));
  readonly onclear = (entry: ShownReachOut): void => this.#act(() => clearReachOut(this.#app, this.#circle, entry));
  readonly ontakeback = (slot: string): void => this.#act(() => takeBack(this.#app, this.#circle, slot));
  readonly onhear = (about: About): void => this.#remember(about, 'heard');
  readonly onnotnow = (about: About): void => this.#remember(about, 'put-off');

  /** To be called when another check-in has become the newest: whatever was being written to the one before is kept. */
  async lookForStranded(): Promise<void> {
    const mine = this.#boxName('reply', this.#about());
    const writings = await writingsOf(this.#app, this.#circle).read();
    const [found] = Object.entries(writings).filter(
      ([box]) => box !== mine && box.startsWith(`reply/${this.#ordinal}/`)
    );
    this.#stranded = found === undefined ? null : { box: found[0], words: found[1] };
  }

  /** Stranded words can still be said as a letter, after whatever is in its box already. */
  readonly onstrandedletter = (): void => {
    const words = this.#stranded?.words ?? '';
    this.letter.write(this.letter.words === '' ? words : `${this.letter.words}\n\n${words}`);
    this.onstrandedgone();
  };
  readonly onstrandedgone = (): void => {
    const box = this.#stranded?.box;
    this.#stranded = null;
    if (box === undefined) return;
    void writingsOf(this.#app, this.#circle)
      .update((all) => without(all, box))
      .catch(this.#app.onProblem);
  };

  readonly #sayReply = (about: About, words: string): Said =>
    sayReply(this.#app, this.#circle, about, { words, advice: this.#thinksAlong });
  readonly #sayBeenThere = (about: About, words: string): Said => sayBeenThere(this.#app, this.#circle, about, words);

  #boxName(name: string, about: About | null): string {
    return `${name}/${this.#ordinal}/${about === null ? '' : aboutText(about)}`;
  }

  #boxOnAbout(name: string, say: (about: About, words: string) => Said): Writing {
    const about = this.#about();
    return this.#writing(this.#boxName(name, about), (words) => (about === null ? this.#nobody() : say(about, words)));
  }

  /** Says something that has no box of its own. */
  readonly #act = (say: () => Said): void => void this.#say('', say);

  async #say(box: string, say: () => Said): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    this.#problem = null;
    try {
      const said = await say();
      if (!said.ok) this.#problem = { box, sentence: sayErrorSentence(said.error) };
      return said.ok;
    } catch (error) {
      this.#app.onProblem(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }

  async #onAbout(say: (about: About) => Said): Said {
    const about = this.#about();
    return about === null ? this.#nobody() : say(about);
  }

  readonly #nobody = (): Said => Promise.resolve(err({ type: 'NoLongerThere' }));

  async #reachOut(words: string): Said {
    const asked = await reachOut(this.#app, this.#circle, this.#friend(), words);
    if (!asked.ok) return asked;
    const second = this.#second;
    if (second !== null) await keepSecond(this.#app, this.#circle, asked.value.about, second);
    this.#second = null;
    return asked;
  }

  #remember(about: About, state: 'heard' | 'put-off'): void {
    void rememberHeard(this.#app, this.#circle, about, state).catch(this.#app.onProblem);
  }

  #writing(id: string, say: (words: string) => Said): Writing {
    const draft = new WordsDraft(writingsOf(this.#app, this.#circle), id, this.#app.onProblem);
    const problem = () => (this.#problem?.box === id ? this.#problem.sentence : null);
    const busy = () => this.#busy;
    return {
      get words() {
        return draft.words;
      },
      get problem() {
        return problem();
      },
      get busy() {
        return busy();
      },
      write: draft.write,
      send: () => {
        void this.#say(id, () => say(draft.words)).then((said) => (said ? draft.forget() : undefined));
      }
    };
  }
}
