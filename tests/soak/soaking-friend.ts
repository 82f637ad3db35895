/**
 * One of three friends who go on living while their network flaps: what they say, what happens to their phone, and what they
 * know to stand.
 */
import { setTimeout as pass } from 'node:timers/promises';
import { expect, type CDPSession, type Page } from '@playwright/test';
import { change, composer, openComposer, say, seeWords, unsay } from '../e2e/friends.ts';
import { openAudience } from '../e2e/harness/three-friends.ts';
import type { SeededRandom } from '../simulation/seeded-random.ts';
import type { PhoneProxy, Reach } from './phone-proxy.ts';

interface Standing {
  readonly words: string;
  /** Stays when something newer is said. */
  readonly kept: boolean;
}

export interface SoakingFriendOptions {
  readonly name: string;
  readonly page: Page;
  readonly browser: CDPSession;
  readonly proxy: PhoneProxy;
  readonly random: SeededRandom;
  /** Whether the tab is loaded anew now and then; whoever's heap is watched keeps theirs. */
  readonly reloads: boolean;
}

export class SoakingFriend {
  readonly name: string;
  readonly page: Page;
  readonly browser: CDPSession;
  /** Whether peers' packets pass. */
  hasPeers = true;
  /** What happened to this phone, by name. */
  readonly happened = new Map<string, number>();
  readonly #proxy: PhoneProxy;
  readonly #random: SeededRandom;
  readonly #reloads: boolean;
  #standing: readonly Standing[];
  #said = 0;

  constructor(options: SoakingFriendOptions, firstWords: string | undefined) {
    this.name = options.name;
    this.page = options.page;
    this.browser = options.browser;
    this.#proxy = options.proxy;
    this.#random = options.random;
    this.#reloads = options.reloads;
    this.#standing = firstWords === undefined ? [] : [{ words: firstWords, kept: false }];
  }

  /** Everything that stands, oldest first: the last is on the card, the others under "Before". */
  get standing(): readonly string[] {
    return this.#standing.map(({ words }) => words);
  }

  /** One trouble after another, and something said in each, until a moment of `performance.now()`. */
  async liveUntil(endMs: number): Promise<void> {
    while (performance.now() < endMs) {
      const trouble = this.#random.pick(this.#reloads ? [...troubles, 'reload'] : troubles) ?? 'none';
      this.happened.set(trouble, (this.happened.get(trouble) ?? 0) + 1);
      await this.#begin(trouble);
      await this.#saySomething();
      // Mostly a lift or a tunnel; sometimes long enough for a connection to be given up.
      const longMs = this.#random.chance(0.3) ? 45_000 : 4000;
      await pass(Math.max(0, Math.min(this.#random.whole(0, longMs), endMs - performance.now())));
      await this.calm();
      await this.#saySomething();
    }
  }

  /** All that can reach this phone reaches it again. */
  async calm(): Promise<void> {
    this.#proxy.set('there');
    this.hasPeers = true;
    await this.page.context().setOffline(false);
  }

  /** As `calm`, and the phone hears of its network once more: whatever backs off tries again now. */
  async comeHome(): Promise<void> {
    await this.page.context().setOffline(true);
    await this.calm();
  }

  async #begin(trouble: string): Promise<void> {
    switch (trouble) {
      case 'gone':
      case 'silent':
        return this.#lose(trouble);
      case 'no peers':
        this.hasPeers = false;
        return;
      case 'frozen':
        await this.browser.send('Page.setWebLifecycleState', { state: 'frozen' });
        await pass(this.#random.whole(500, 4000));
        await this.browser.send('Page.setWebLifecycleState', { state: 'active' });
        return;
      case 'second tab':
        return this.#openSecondTab();
      case 'reload':
        await this.page.reload();
        return;
    }
  }

  async #lose(reach: Reach): Promise<void> {
    this.hasPeers = false;
    this.#proxy.set(reach);
    await this.page.context().setOffline(true);
  }

  /** It takes over from the first, and hands back when it is closed. */
  async #openSecondTab(): Promise<void> {
    const second = await this.page.context().newPage();
    await second.goto(this.page.url());
    await expect(second.getByRole('region', { name: 'Board' })).toBeVisible();
    await second.close();
    await this.page.bringToFront();
  }

  async #saySomething(): Promise<void> {
    const newest = this.#standing.at(-1);
    const dice = this.#random.whole(0, 99);
    if (newest !== undefined && dice < 30) return this.#change();
    if (newest !== undefined && dice < 45) {
      await unsay(this.page, newest.words);
      this.#standing = this.#standing.slice(0, -1);
      return;
    }
    await this.#say(dice < 60);
  }

  async #change(): Promise<void> {
    const words = this.#nextWords('truer');
    const kept = this.#standing.at(-1)?.kept ?? false;
    await change(this.page, words);
    this.#standing = [...this.#standing.slice(0, -1), { words, kept }];
  }

  async #say(kept: boolean): Promise<void> {
    const words = this.#nextWords(kept ? 'to keep' : 'for now');
    if (kept) await sayKept(this.page, words);
    else await say(this.page, words);
    this.#standing = [...this.#standing.filter((before) => before.kept), { words, kept }];
  }

  #nextWords(what: string): string {
    return `${this.name} ${++this.#said}, ${what}.`;
  }
}

const troubles = ['gone', 'gone', 'silent', 'no peers', 'frozen', 'second tab', 'none'];

/** From the board: something that stays when the next is said. */
const sayKept = async (page: Page, words: string): Promise<void> => {
  await openComposer(page);
  await composer(page).words.fill(words);
  const { long } = await openAudience(page);
  await long.getByRole('button', { name: 'kept', exact: true }).click();
  await composer(page).sayIt.click();
  await seeWords(page, 'You', words);
};
