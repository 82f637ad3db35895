/**
 * The composer on a phone, and what a person does with it.
 */
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { PersonId } from '../../src/lib/base/ids.ts';
import type { Friend } from '../../src/lib/care/audience.ts';
import { emptyDraft, type CheckInDraft } from '../../src/lib/care/check-in.ts';
import ComposerHarness from './composer-harness.svelte';

/** What was told and said, in order. */
export interface Composed {
  readonly said: CheckInDraft[];
  readonly drafts: CheckInDraft[];
  latest(): CheckInDraft | undefined;
}

export const friend = (name: string): Friend => ({ person: `person-${name}` as PersonId, name });

/** Props of a composer in a circle with these friends. */
export const inCircle = (names: readonly string[], circle = 'The kitchen table'): object => ({
  circle,
  friends: names.map(friend)
});

/** Renders the composer with a draft. `more`: props; `remembered`: own feeling words on this device. */
export const compose = async (
  draft: CheckInDraft = emptyDraft,
  more: object = {},
  remembered: readonly string[] = []
): Promise<Composed> => {
  const said: CheckInDraft[] = [];
  const drafts: CheckInDraft[] = [];
  await page.viewport(360, 740);
  await render(ComposerHarness, {
    props: {
      initial: draft,
      ondraft: (next: CheckInDraft) => drafts.push(next),
      onsay: (next: CheckInDraft) => said.push(next),
      remembered,
      more
    }
  });
  return { said, drafts, latest: () => drafts.at(-1) };
};

/** A pointer on the picture; `x` and `y` are shares of it. */
export const touch = (kind: string, x: number, y: number, more: PointerEventInit = {}): void => {
  const picture = document.querySelector<HTMLElement>('.picture') as HTMLElement;
  const bounds = picture.getBoundingClientRect();
  picture.dispatchEvent(
    new PointerEvent(kind, {
      bubbles: true,
      cancelable: true,
      isPrimary: true,
      button: 0,
      pointerId: 1,
      pointerType: 'touch',
      clientX: bounds.left + bounds.width * x,
      clientY: bounds.top + bounds.height * y,
      ...more
    })
  );
};
