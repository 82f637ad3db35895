/**
 * Keeping the screen on while a page is looked at, as far as the device lets it.
 *
 * The browser takes the lock back whenever the page goes out of sight, and may at any time, as when power is low; it is asked
 * again as soon as the page is seen, and every minute while it refuses. Source: W3C Screen Wake Lock API.
 */
import { minuteMs, type Clock } from '../base/clock.ts';

/** `asking`: not known yet, as long as the page was never seen. */
export type WakeState = 'asking' | 'on' | 'refused' | 'unsupported';

export class ScreenWake {
  readonly #clock: Clock;
  #state = $state<WakeState>('asking');
  #lock: WakeLockSentinel | undefined;
  #isAsking = false;
  #isEnded = false;
  #cancelRetry = (): void => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get state(): WakeState {
    return this.#state;
  }

  /** Keeps it on from now on, once; returns what ends it. */
  keep(): () => void {
    if (!('wakeLock' in navigator)) {
      this.#state = 'unsupported';
      return () => undefined;
    }
    const onSeen = (): void => this.#ask();
    document.addEventListener('visibilitychange', onSeen);
    this.#ask();
    return () => {
      this.#isEnded = true;
      this.#cancelRetry();
      document.removeEventListener('visibilitychange', onSeen);
      this.#letGo();
    };
  }

  #ask(): void {
    this.#cancelRetry();
    const isHeld = this.#lock !== undefined && !this.#lock.released;
    if (this.#isEnded || this.#isAsking || isHeld || document.visibilityState !== 'visible') return;
    this.#isAsking = true;
    navigator.wakeLock.request('screen').then(
      (lock) => this.#got(lock),
      () => this.#lost() // not allowed here, low on power, or out of sight meanwhile: the browser does not say which
    );
  }

  #got(lock: WakeLockSentinel): void {
    this.#isAsking = false;
    this.#lock = lock;
    if (this.#isEnded) return this.#letGo();
    lock.addEventListener('release', () => this.#lost(), { once: true });
    this.#state = 'on';
  }

  #lost(): void {
    this.#isAsking = false;
    // Out of sight it can't be had, and nobody looks: it is asked again when the page is seen.
    if (this.#isEnded || document.visibilityState !== 'visible') return;
    this.#state = 'refused';
    this.#cancelRetry();
    this.#cancelRetry = this.#clock.after(minuteMs, () => this.#ask());
  }

  #letGo(): void {
    // Released already, it is as it should be.
    void this.#lock?.release().catch(() => undefined);
  }
}
