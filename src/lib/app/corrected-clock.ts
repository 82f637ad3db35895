/**
 * This device's clock, set right where it is far off (docs/protocol.md CL1–CL3).
 *
 * More than a day from the server's time, or behind two friends' records by more than a day, the app says so, lets
 * nothing fade, and stamps what is said with the time that the others have.
 */
import { systemClock, type Clock } from '../base/clock.ts';
import type { DeviceId } from '../base/ids.ts';
import { clockSkewNoticeMs } from '../base/limits.ts';

export class CorrectedClock implements Clock {
  readonly #clock: Clock;
  #offsetMs = 0;
  readonly #aheadMsByDevice = new Map<DeviceId, number>();
  readonly #onFarOff: () => void;

  constructor(onFarOff: () => void, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#onFarOff = onFarOff;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#clock.after(delayMs, task);
  }

  get isFarOff(): boolean {
    return this.#offsetMs !== 0;
  }

  /** A server said what time it is. */
  heardServer(serverNowMs: number): void {
    this.#correct(serverNowMs - this.#clock.nowMs());
  }

  /** A friend's record is dated so far ahead that it waits until `untilMs`; two friends' are taken as the time. */
  heardFriend(device: DeviceId, untilMs: number): void {
    this.#aheadMsByDevice.set(device, untilMs - this.#clock.nowMs());
    const ahead = [...this.#aheadMsByDevice.values()];
    if (ahead.length >= 2) this.#correct(Math.min(...ahead) + clockSkewNoticeMs);
  }

  #correct(offsetMs: number): void {
    const farOff = Math.abs(offsetMs) > clockSkewNoticeMs;
    this.#offsetMs = farOff ? offsetMs : 0;
    if (farOff) this.#onFarOff();
  }
}
