/**
 * The engine with what it is told from outside: what the instance says, and "Only my own network". Where one of them
 * changes it starts anew, so that nothing of the old goes on, and no reload is needed. Loaded after the board has painted.
 */
import { hourMs, type Clock } from '../base/clock.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import type { WebEngineOptions } from '../sync/web-engine.ts';
import type { Instance } from './instance.ts';
import { isOwnNetworkOnly } from './own-network-setting.ts';
import type { WebEngine } from './running-engine.ts';

export type Configuration = Pick<WebEngineOptions, 'relays' | 'iceServers' | 'iceTransportPolicy' | 'onlyHost'>;

export interface ConfiguredEngineOptions {
  readonly database: ShoulderDatabase;
  /** Makes what runs, and runs until the configuration changes. */
  readonly create: (configuration: Configuration) => WebEngine;
  /** The host that the app came from, as `location.hostname` has it. */
  readonly host: string;
  /** Asks the instance anew; without a server's time in it, the answer is only what is kept. Never fails. */
  readonly askInstance: () => Promise<Instance>;
  readonly clock: Clock;
  readonly onProblem: (problem: unknown) => void;
}

/**
 * A tab may stay open for days, and a password for a TURN server runs out after two (docs/hosting.md, TURN): so often the
 * instance is asked again.
 */
const instanceFreshMs = 6 * hourMs;

export class ConfiguredEngine {
  readonly #options: ConfiguredEngineOptions;
  readonly engine = { start: (): void => this.#start() };
  #running: { readonly key: string; readonly web: WebEngine } | undefined;
  #changing: Promise<void> = Promise.resolve();
  #isStopped = false;
  #watch: Watch | undefined;
  #isOwnNetworkOnly: boolean | undefined;
  #instance: Instance | undefined;
  /** When the instance answered last; `undefined` where that was from what is kept of it, or not at all. */
  #answeredAtMs: number | undefined;
  #cancelTimer = (): void => undefined;

  constructor(options: ConfiguredEngineOptions) {
    this.#options = options;
  }

  wake(): void {
    this.#running?.web.wake();
    if (!this.#isFresh()) void this.#askInstance();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#watch?.unsubscribe();
    this.#change();
    await this.#changing;
  }

  #start(): void {
    const { database, onProblem } = this.#options;
    this.#watch = watch(
      () => isOwnNetworkOnly(database),
      (on) => {
        this.#isOwnNetworkOnly = on;
        this.#change();
      },
      onProblem
    );
    void this.#askInstance();
  }

  #isFresh(): boolean {
    const { clock } = this.#options;
    return this.#answeredAtMs !== undefined && Math.abs(clock.nowMs() - this.#answeredAtMs) < instanceFreshMs;
  }

  async #askInstance(): Promise<void> {
    const { askInstance, clock } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = clock.after(instanceFreshMs, () => void this.#askInstance());
    const instance = await askInstance();
    if (this.#isStopped) return this.#cancelTimer();
    // What it said before stands where nobody answers now.
    if (instance.serverNowMs !== null || this.#instance === undefined) this.#instance = instance;
    if (instance.serverNowMs !== null) this.#answeredAtMs = clock.nowMs();
    this.#change();
  }

  #change(): void {
    this.#changing = this.#changing.then(() => this.#follow()).catch(this.#options.onProblem);
  }

  /** Runs with what is known now, and not twice with the same. */
  async #follow(): Promise<void> {
    const wanted = this.#wanted();
    const key = JSON.stringify(wanted);
    if (key === this.#running?.key) return;
    const stopping = this.#running?.web;
    this.#running = undefined;
    await stopping?.stop();
    if (wanted === undefined || this.#isStopped) return;
    const web = this.#options.create(wanted);
    this.#running = { key, web };
    web.engine.start();
  }

  #wanted(): Configuration | undefined {
    if (this.#isStopped || this.#isOwnNetworkOnly === undefined || this.#instance === undefined) return undefined;
    const { relays, iceServers, iceTransportPolicy } = this.#instance;
    return { relays, iceServers, iceTransportPolicy, onlyHost: this.#isOwnNetworkOnly ? this.#options.host : null };
  }
}
