/**
 * What happens around an open lock: it falls after a time without a touch and on leaving, as was chosen, and the screen is
 * covered while nobody is to look at it, so that an app switcher shows no words.
 *
 * A touch in any tab counts for all. Time is what the clock says when the page is looked at again, too: timers rest while a
 * phone sleeps.
 */
import { minuteMs, secondMs, type Clock } from '../base/clock.ts';
import type { ShoulderDatabase } from '../store/database.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { LockSettings } from '../ui/lock-choices.ts';
import { readLockSettings } from './lock-setting.ts';

export interface LockWatchOptions {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  /** Locks every tab; this page is then about to go. */
  readonly lock: () => void;
  /** Covers the screen at once, or shows it again. */
  readonly cover: (isCovered: boolean) => void;
  readonly onProblem: (problem: unknown) => void;
}

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'input', 'scroll'] as const;
const touchedChannel = 'shoulder-touched';
/** Other tabs are told of touches this often. */
const tellEveryMs = 5 * secondMs;

export class LockWatch {
  readonly #options: LockWatchOptions;
  #settings: LockSettings | undefined;
  #lastTouchMs: number;
  #lastToldMs = 0;
  #cancelTimer = (): void => undefined;
  #isLocking = false;

  constructor(options: LockWatchOptions) {
    this.#options = options;
    this.#lastTouchMs = options.clock.nowMs();
  }

  /** Watches from now on. Returns what ends it. */
  start(): () => void {
    const ending = new AbortController();
    const { signal } = ending;
    const channel = new BroadcastChannel(touchedChannel);
    channel.addEventListener('message', () => this.#touched(), { signal });
    for (const touch of touches)
      window.addEventListener(touch, () => this.#touchedHere(channel), { signal, capture: true, passive: true });
    document.addEventListener('visibilitychange', () => this.#onVisibility(), { signal });
    window.addEventListener('pagehide', () => this.#options.cover(true), { signal });
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.#lock(), { signal });
    window.addEventListener('blur', () => hasAppSwitcher() && this.#options.cover(true), { signal });
    window.addEventListener('focus', () => this.#look(), { signal });
    const settings = this.#watchSettings();
    if (document.visibilityState === 'hidden') this.#options.cover(true);
    return () => {
      ending.abort();
      channel.close();
      settings.unsubscribe();
      this.#cancelTimer();
    };
  }

  #watchSettings(): Watch {
    const { database, onProblem } = this.#options;
    return watch(
      () => readLockSettings(database),
      (settings) => {
        this.#settings = settings;
        this.#setTimer();
      },
      onProblem
    );
  }

  #touchedHere(channel: BroadcastChannel): void {
    if (this.#isOverdue()) return this.#lock();
    this.#touched();
    // Somebody touches what they look at: whatever covered it is over.
    if (document.visibilityState === 'visible') this.#options.cover(false);
    if (Math.abs(this.#lastTouchMs - this.#lastToldMs) < tellEveryMs) return;
    this.#lastToldMs = this.#lastTouchMs;
    channel.postMessage(null);
  }

  #touched(): void {
    this.#lastTouchMs = this.#options.clock.nowMs();
  }

  #onVisibility(): void {
    if (document.visibilityState === 'visible') return this.#look();
    this.#options.cover(true);
    if (this.#settings?.onLeaving === true) this.#lock();
  }

  /** Somebody looks again. */
  #look(): void {
    if (this.#isOverdue()) this.#lock();
    else if (!this.#isLocking && document.visibilityState === 'visible') this.#options.cover(false);
  }

  #setTimer(): void {
    this.#cancelTimer();
    const restMs = this.#restMs();
    if (restMs === Infinity) return;
    this.#cancelTimer = this.#options.clock.after(Math.max(0, restMs), () => {
      if (this.#isOverdue()) this.#lock();
      else this.#setTimer();
    });
  }

  #isOverdue(): boolean {
    return this.#restMs() <= 0;
  }

  /** Until the lock falls by itself. A clock that was set back begins it anew. */
  #restMs(): number {
    const minutes = this.#settings?.afterMinutes;
    if (minutes === null || minutes === undefined) return Infinity;
    const passedMs = this.#options.clock.nowMs() - this.#lastTouchMs;
    if (passedMs < 0) this.#touched();
    return minutes * minuteMs - Math.max(0, passedMs);
  }

  #lock(): void {
    if (this.#isLocking) return;
    this.#isLocking = true;
    this.#options.cover(true);
    this.#options.lock();
  }
}

/** Where windows stand side by side, losing focus is not leaving. */
const hasAppSwitcher = (): boolean => matchMedia('(pointer: coarse)').matches;
