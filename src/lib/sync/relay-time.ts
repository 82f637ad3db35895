/**
 * The time as a relay has it, which is what events to it are dated with: a phone's own clock may be far off.
 *
 * It is learned from the relay's refusals, which often name it, and from the newest event in the mailbox. No event is
 * dated before the newest one that was seen, as in a Lamport clock, so that whoever pulls "since then" misses nothing.
 * A relay that lies about its time misdates what it is given itself, and nothing else. Source: docs/protocol.md MB5.
 */
import { secondMs, type Clock } from '../base/clock.ts';

/**
 * Events of ours that one second may carry: `until` goes back by seconds, so a second with more events than a relay hands
 * out at once can't be read to its end. A relay that caps at ten is served, also while two devices are at it.
 */
export const eventsPerSecondMax = 5;

/** The last second of the year 9999: a date beyond it is nobody's, and could not be counted on from. */
const latestS = 253_402_300_799;

export class RelayTime {
  readonly #clock: Clock;
  #offsetS = 0;
  #newestS = 0;
  #stampedS = 0;
  #stampsInSecond = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The relay's time, as far as it is known, in seconds since 1970. */
  nowS(): number {
    return this.#phoneS() + this.#offsetS;
  }

  /** The date of the newest event that was seen; 0 before one was. */
  get newestS(): number {
    return this.#newestS;
  }

  /** An event was seen that the relay had taken. */
  seen(createdS: number): void {
    if (createdS <= latestS) this.#newestS = Math.max(this.#newestS, createdS);
  }

  /** What to date the next event with. */
  stampS(): number {
    const atS = Math.max(this.nowS(), this.#newestS, this.#stampedS);
    const isSameSecond = atS === this.#stampedS;
    const isFull = isSameSecond && this.#stampsInSecond >= eventsPerSecondMax;
    this.#stampsInSecond = isSameSecond && !isFull ? this.#stampsInSecond + 1 : 1;
    this.#stampedS = isFull ? atS + 1 : atS;
    return this.#stampedS;
  }

  /**
   * Learns from the refusal of an event that was dated `saidS`. Whether the refusal was about its date, and another date
   * is worth a try.
   */
  learn(reason: string, saidS: number): boolean {
    // "blocked" is about a key or about room, and may name a time that is not now.
    if (reason.startsWith('blocked:') || !/creat|\btime|future|too (?:early|late|old|new)/i.test(reason)) return false;
    const stated = Array.from(reason.matchAll(/\b[12]\d{9}\b/g), ([digits]) => Number(digits));
    // Dated by the newest mail and refused: whoever dated that mail lied, and the phone's own clock is the better guess.
    const guessS = this.#newestS === 0 || this.#newestS === saidS ? this.#phoneS() : this.#newestS;
    const relayS = stated.filter((s) => s !== saidS).at(-1) ?? guessS;
    this.#offsetS = relayS - this.#phoneS();
    this.#newestS = Math.min(this.#newestS, relayS);
    this.#stampedS = 0;
    return Math.abs(saidS - relayS) > 1;
  }

  /** What was learned did not help: the phone's own clock is the better guess. */
  forget(): void {
    this.#offsetS = 0;
  }

  #phoneS(): number {
    return Math.floor(this.#clock.nowMs() / secondMs);
  }
}
