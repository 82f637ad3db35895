/**
 * The person that an address names by their place on the roster, as they are in the circle now.
 */
import type { LocalCircle, Shoulder } from '$lib/app/shoulder.ts';
import { PeopleView, type PeopleState } from '$lib/app/views/people-view.ts';
import type { ShownPerson } from '$lib/ui/people.ts';

export class PersonHere {
  readonly #view: PeopleView;
  readonly #ordinal: () => number;

  constructor(app: Shoulder, circle: LocalCircle, ordinal: () => number) {
    this.#view = new PeopleView(app, circle);
    this.#ordinal = ordinal;
  }

  /** Everybody; `undefined` until it has been read once. */
  get all(): PeopleState | undefined {
    return this.#view.current;
  }

  /** `null` where nobody who is in stands at that place, or whoever looks is out themselves. */
  get person(): ShownPerson | null {
    const all = this.all;
    if (all === undefined || all.out !== null) return null;
    return all.people.find(({ id }) => all.ordinals.get(id) === this.#ordinal()) ?? null;
  }
}
