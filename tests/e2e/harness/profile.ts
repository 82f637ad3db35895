/**
 * A phone whose profile is a folder on disk: for what must survive the browser, and for what it must not write down.
 */
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { browserLaunch } from '../../tools/browser.ts';
import { phoneOptions, watchPhone } from '../phone.ts';

/** One phone, its browser started and ended as often as one likes. */
export class ProfilePhone {
  readonly folder: string;
  readonly #name: string;
  #context: BrowserContext | undefined;

  private constructor(folder: string, name: string) {
    this.folder = folder;
    this.#name = name;
  }

  static async create(name: string): Promise<ProfilePhone> {
    return new ProfilePhone(await mkdtemp(join(tmpdir(), 'shoulder-profile-')), name);
  }

  /** Starts the browser; its first page. */
  async start(): Promise<Page> {
    this.#context = await chromium.launchPersistentContext(this.folder, { ...browserLaunch(), ...phoneOptions });
    await watchPhone(this.#context, this.#name);
    return this.#context.pages()[0] ?? this.#context.newPage();
  }

  /** Ends the browser as a person does. */
  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** `kill -9`: the browser has no moment to write anything. */
  async kill(): Promise<void> {
    const context = this.#context;
    if (context === undefined) throw new Error('only a running browser can be killed');
    const gone = new Promise((resolve) => context.once('close', resolve));
    process.kill(await this.#pid(), 'SIGKILL');
    await gone;
    this.#context = undefined;
  }

  /** The browser process takes itself down. */
  async crash(page: Page): Promise<void> {
    const gone = new Promise((resolve) => page.context().once('close', resolve));
    const devtools = await page.context().newCDPSession(page);
    await Promise.race([gone, devtools.send('Browser.crash').catch(() => gone)]);
    await gone;
    this.#context = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A running Chromium says in its lock which process it is: `host-pid`. */
  async #pid(): Promise<number> {
    return Number(/\d+$/.exec(await readlink(join(this.folder, 'SingletonLock')))?.[0]);
  }
}
