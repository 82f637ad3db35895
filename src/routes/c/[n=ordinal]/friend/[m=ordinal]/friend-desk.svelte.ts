/**
 * What one does on somebody's opened card: commands with their boxes, their one problem at a time, and nothing lost.
 */
import { untrack } from 'svelte';
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

/** Words without the check-in, or the friend, they were for. */
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
  /** The check-in on which the reply being written thinks along: never carried over to another. */
  #thinksAlongOn = $state<string | null>(null);
  /** A gesture that was made while something else was being said. */
  #waiting: (() => Said) | null = null;
  #second = $state.raw<SecondPerson | null>(null);
  #stranded = $state.raw<Stranded | null>(null);
  /** Every box there has been, by name; each draft is reactive itself. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- read when a box is made, never to show something
  readonly #drafts = new Map<string, WordsDraft>();
  /** The open check-in by its name: whatever else comes to the card, the boxes on it stay the same. */
  readonly #key: string = $derived.by(() => {
    const about = this.#about();
    return about === null ? '' : aboutText(about);
  });
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

  /** Words that have no box on this card any more; found by `lookForStranded`. */
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
    return this.#key !== '' && this.#thinksAlongOn === this.#key;
  }

  get second(): SecondPerson | null {
    return this.#second;
  }

  readonly onreplythinksalong = (thinksAlong: boolean): void => {
    this.#thinksAlongOn = thinksAlong ? this.#key : null;
  };
  readonly onsecond = (second: SecondPerson | null): void => {
    this.#second = second;
  };
  /** No touch is lost: one that comes too soon waits for its turn, and of several the last counts. */
  readonly ongesture = (gesture: Gesture | null): void => {
    const give = (): Said => this.#onAbout((about) => giveGesture(this.#app, this.#circle, about, gesture));
    if (this.#busy) this.#waiting = give;
    else this.#act(give);
  };
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

  /**
   * To be called when another check-in has become the newest, or the friend has left: whatever was being written to the one
   * before, or to them, is kept.
   */
  async lookForStranded(left: boolean): Promise<void> {
    const always = [`letter/${this.#ordinal}`, `reach-out/${this.#ordinal}`];
    const onAbout = ['reply', 'been-there'];
    const there = left ? [] : [...always, ...onAbout.map((name) => this.#boxName(name))];
    const isOurs = (box: string): boolean =>
      always.includes(box) || onAbout.some((name) => box.startsWith(`${name}/${this.#ordinal}/`));
    const writings = await writingsOf(this.#app, this.#circle).read();
    const [found] = Object.entries(writings).filter(([box]) => isOurs(box) && !there.includes(box));
    if (found === undefined) this.#stranded = null;
    // The last letters may not be on disk yet.
    else this.#stranded = { box: found[0], words: this.#drafts.get(found[0])?.words || found[1] };
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
    const draft = this.#drafts.get(box);
    if (draft !== undefined) void draft.forget();
    else
      void writingsOf(this.#app, this.#circle)
        .update((all) => without(all, box))
        .catch(this.#app.onProblem);
  };

  readonly #sayReply = async (about: About, words: string): Said => {
    const said = await sayReply(this.#app, this.#circle, about, { words, advice: this.replyThinksAlong });
    if (said.ok) this.#thinksAlongOn = null;
    return said;
  };
  readonly #sayBeenThere = (about: About, words: string): Said => sayBeenThere(this.#app, this.#circle, about, words);

  #boxName(name: string): string {
    return `${name}/${this.#ordinal}/${this.#key}`;
  }

  #boxOnAbout(name: string, say: (about: About, words: string) => Said): Writing {
    const box = this.#boxName(name);
    const about = untrack(this.#about);
    return this.#writing(box, (words) => (about === null ? this.#nobody() : say(about, words)));
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
      this.#giveWaiting();
    }
  }

  #giveWaiting(): void {
    const give = this.#waiting;
    this.#waiting = null;
    if (give !== null) this.#act(give);
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
    this.#drafts.set(id, draft);
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
