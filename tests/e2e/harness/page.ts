/**
 * The page of a scripted friend: Shoulder's own modules, driven by a test instead of by a person.
 *
 * `harness` stands on `window`, so that `page.evaluate` reaches it.
 */
import { Intruder } from './intruder.ts';
import { askMany } from './many-asks.ts';
import { lookAtPrivate, type OutsideView } from './outside-view.ts';
import { ScriptedFriend } from './scripted-friend.ts';

export class HarnessPage {
  readonly askMany = askMany;
  #friend: ScriptedFriend | undefined;
  #intruder: Intruder | undefined;

  /** Who this page is. Throws before `open`. */
  get friend(): ScriptedFriend {
    if (this.#friend === undefined) throw new Error('the scripted friend is opened first');
    return this.#friend;
  }

  /** The same person with a modified app. Throws before `turnHostile`. */
  get intruder(): Intruder {
    if (this.#intruder === undefined) throw new Error('the scripted friend has not turned hostile');
    return this.#intruder;
  }

  /** All private records on this device, tried with every key it holds. */
  lookAtPrivate(): Promise<OutsideView[]> {
    return lookAtPrivate(this.friend);
  }

  async open(relayUrl: string): Promise<void> {
    this.#friend = await ScriptedFriend.open(relayUrl);
  }

  /** Stops being a friend and enters the circle's room with bad intentions. */
  async turnHostile(): Promise<void> {
    const circle = await this.friend.circle();
    await this.friend.stop();
    this.#intruder = await Intruder.enter(circle, this.friend.relayUrl);
  }
}

declare global {
  interface Window {
    harness: HarnessPage;
  }
}

window.harness = new HarnessPage();
