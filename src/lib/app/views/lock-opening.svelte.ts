/**
 * Opening the lock, as the lock screen shows it: what opens it, whether it is being tried, and what came of that. A pause is
 * counted down.
 */
import { secondMs, systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { webLocks } from '../../store/author.ts';
import { Lock, type LockMethods, type Opener } from '../../store/lock.ts';
import type { LockProblem } from '../../ui/lock-words.ts';
import { askPasskey } from '../lock-passkey.ts';
import type { LockedShoulder, Shoulder } from '../shoulder.ts';

export class LockOpening {
  readonly #locked: LockedShoulder;
  readonly #lock: Lock;
  readonly #onOpen: (app: Shoulder) => void;
  #methods = $state.raw<LockMethods>();
  #problem = $state.raw<LockProblem | null>(null);
  #isBusy = $state(false);
  #cancelCount = (): void => undefined;

  constructor(locked: LockedShoulder, onOpen: (app: Shoulder) => void) {
    this.#locked = locked;
    const { database } = locked;
    this.#lock = new Lock({ database, random: systemRandom, clock: systemClock, exclusively: webLocks });
    this.#onOpen = onOpen;
  }

  /** `undefined` until it has been read. */
  get methods(): LockMethods | undefined {
    return this.#methods;
  }

  get problem(): LockProblem | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  async look(): Promise<void> {
    this.#methods = await this.#lock.methods();
    await this.#count();
  }

  withPassphrase(passphrase: string): Promise<void> {
    return this.#try(() => this.#open({ type: 'passphrase', passphrase }));
  }

  withPasskey(): Promise<void> {
    return this.#try(async () => {
      const asked = await askPasskey(this.#methods?.passkeys ?? [], systemRandom);
      if (!asked.ok) return asked.error;
      const problem = await this.#open(asked.value);
      return problem?.type === 'NotOpened' ? { type: 'PasskeyNotOpened' } : problem;
    });
  }

  /** Ends the count. */
  stop(): void {
    this.#cancelCount();
  }

  async #try(opening: () => Promise<LockProblem | null>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#problem = await opening();
      await this.#count();
    } finally {
      this.#isBusy = false;
    }
  }

  async #open(opener: Opener): Promise<LockProblem | null> {
    const opened = await this.#lock.unlock(opener);
    if (!opened.ok) return opened.error;
    this.#onOpen(this.#locked.open(opened.value));
    return null;
  }

  /** Says how long there is to wait, each second, and nothing more once that is over. */
  async #count(): Promise<void> {
    this.#cancelCount();
    const pauseMs = await this.#lock.pauseNow();
    if (pauseMs > 0) {
      this.#problem = { type: 'Paused', pauseMs };
      this.#cancelCount = systemClock.after(Math.min(pauseMs, secondMs), () => void this.#count());
    } else if (this.#problem?.type === 'Paused') this.#problem = null;
  }
}
