/**
 * Things that people do with their devices, some of which crash in the middle of it.
 */
import { fewTurns, settled } from '../settling.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Member } from './member.ts';

export class Deeds {
  readonly #random: SeededRandom;
  readonly #tell: (line: string) => void;

  constructor(random: SeededRandom, tell: (line: string) => void) {
    this.#random = random;
    this.#tell = tell;
  }

  async do({ name }: Member, what: string, thing: () => Promise<unknown>): Promise<void> {
    this.#tell(`${name} ${what}`);
    await thing();
  }

  async doOrCrash(member: Member, what: string, thing: () => Promise<unknown>): Promise<void> {
    if (this.#random.chance(0.15)) return this.crash(member, what, thing);
    await this.do(member, what, thing);
  }

  async speak(member: Member): Promise<void> {
    if (await member.isIn()) await this.do(member, 'speaks', () => member.speak());
  }

  /** A crash in the middle of whatever is going on, with a new life at once or later. */
  async crash(member: Member, what: string, during: () => Promise<unknown>): Promise<void> {
    this.#tell(`${member.name} ${what}, and crashes`);
    const doing = during();
    doing.catch(() => undefined);
    await fewTurns(this.#random.whole(0, 120));
    member.device.crash();
    await settled();
    // What a crash interrupts may fail however it likes: nobody is there to hear of it.
    await Promise.race([doing.catch(() => undefined), settled()]);
    if (this.#random.chance(0.7)) await member.device.wake();
  }
}
