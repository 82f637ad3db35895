/**
 * The lock as its settings show it, and what one does with it there.
 */
import { systemClock } from '../../base/clock.ts';
import { ok } from '../../base/result.ts';
import { webLocks } from '../../store/author.ts';
import { Lock, type LockError, type LockMethods, type Opener } from '../../store/lock.ts';
import { Live } from '../live.svelte.ts';
import type { LockAfter, LockSettings } from '../../ui/lock-choices.ts';
import type { LockProblem } from '../../ui/lock-words.ts';
import type { Result } from '../../base/result.ts';
import { carriersOf } from '../lock-carrying.ts';
import { askPasskey, createPasskey } from '../lock-passkey.ts';
import { readLockSettings, setLockAfter, setLockOnLeaving } from '../lock-setting.ts';
import { lockEverywhere, withVaultAlone } from '../lock-taking.ts';
import type { Shoulder } from '../shoulder.ts';

export type LockDeed = 'change' | 'add-passkey' | 'remove-passkey' | 'off';

/** The words somebody wrote for a deed: the passphrase as it is now, `null` where a passkey is asked instead; a new one. */
export interface DeedWords {
  readonly proof: string | null;
  readonly next: string;
}

export class LockView {
  readonly #app: Shoulder;
  readonly #lock: Lock;
  readonly #live: Live<unknown, { readonly methods: LockMethods; readonly settings: LockSettings }>;
  #problem = $state.raw<LockProblem | null>(null);
  #isBusy = $state(false);
  #done = $state<LockDeed | null>(null);

  constructor(app: Shoulder) {
    this.#app = app;
    const { database, random } = app;
    this.#lock = new Lock({ database, random, clock: systemClock, exclusively: webLocks });
    this.#live = new Live(
      () => Promise.all([database.locks.toArray(), database.settings.toArray()]),
      async () => ({ methods: await this.#lock.methods(), settings: await readLockSettings(database) }),
      app.onProblem
    );
  }

  /** `undefined` until it has been read. */
  get current(): { readonly methods: LockMethods; readonly settings: LockSettings } | undefined {
    return this.#live.current;
  }

  get problem(): LockProblem | null {
    return this.#problem;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** What was done last on this page. */
  get done(): LockDeed | null {
    return this.#done;
  }

  /** Sets the lock; the page then loads anew, locked. */
  setPassphrase(passphrase: string): Promise<void> {
    return this.#do(null, () => this.#set({ type: 'passphrase', passphrase }));
  }

  setPasskey(): Promise<void> {
    return this.#do(null, async () => {
      const made = await createPasskey(this.#app.random);
      return made.ok ? this.#set(made.value) : made;
    });
  }

  change(deed: LockDeed, { proof, next }: DeedWords): Promise<void> {
    return this.#do(deed, async () => {
      const opener = proof === null ? await this.#passkey() : ok({ type: 'passphrase', passphrase: proof } as const);
      if (!opener.ok) return opener;
      if (deed === 'change') return this.#lock.add(opener.value, { type: 'passphrase', passphrase: next });
      if (deed === 'remove-passkey') return this.#lock.removePasskeys(opener.value);
      return deed === 'off' ? this.#takeOff(opener.value) : this.#addPasskey(opener.value);
    });
  }

  setAfter(minutes: LockAfter): Promise<void> {
    return setLockAfter(this.#app.database, minutes);
  }

  setOnLeaving(on: boolean): Promise<void> {
    return setLockOnLeaving(this.#app.database, on);
  }

  lockNow(): Promise<void> {
    return lockEverywhere(this.#app);
  }

  async #set(opener: Opener): Promise<Result<true, LockError>> {
    const carriers = await carriersOf(this.#app);
    return withVaultAlone(this.#app, () => this.#lock.set(this.#app.vault, opener, carriers));
  }

  /** Looks whether the proof is right before every other tab has to close. */
  async #takeOff(proof: Opener): Promise<Result<true, LockError>> {
    const opened = await this.#lock.unlock(proof);
    return opened.ok ? withVaultAlone(this.#app, () => this.#lock.takeOff(proof)) : opened;
  }

  /** Looks whether the proof is right before an authenticator makes something that nobody needs. */
  async #addPasskey(proof: Opener): Promise<Result<true, LockProblem>> {
    const opened = await this.#lock.unlock(proof);
    if (!opened.ok) return opened;
    const made = await createPasskey(this.#app.random);
    return made.ok ? this.#lock.add(proof, made.value) : made;
  }

  #passkey() {
    return askPasskey(this.current?.methods.passkeys ?? [], this.#app.random);
  }

  async #do(deed: LockDeed | null, task: () => Promise<Result<true, LockProblem>>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#problem = null;
    this.#done = null;
    try {
      const result = await task();
      if (result.ok) this.#done = deed;
      else this.#problem = result.error;
    } finally {
      this.#isBusy = false;
    }
  }
}
