/**
 * What people mean to say with any of their devices, sooner or later: votes and vouchers.
 */
import type { PersonId } from '../../../src/lib/base/ids.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Deeds } from './deeds.ts';
import type { Member } from './member.ts';
import type { Person } from './people.ts';

interface Errand {
  readonly what: string;
  readonly by: Person;
  readonly run: (member: Member) => Promise<unknown>;
}

export class Errands {
  /** Votes that people really cast, by whom they are about. */
  readonly votes = new Map<PersonId, Set<PersonId>>();
  readonly #random: SeededRandom;
  readonly #deeds: Deeds;
  readonly #list: Errand[] = [];

  constructor(random: SeededRandom, deeds: Deeds) {
    this.#random = random;
    this.#deeds = deeds;
  }

  get areLeft(): boolean {
    return this.#list.length > 0;
  }

  /** Some, or all, of the others mean to say that somebody should go. */
  campaign(target: Person, others: readonly Person[]): void {
    const voters = others.filter(() => this.#random.chance(0.75));
    for (const by of voters)
      this.#list.push({
        what: `votes on ${target.name}`,
        by,
        run: async (member) => {
          this.cast(target.id, by.id);
          await member.vote(target.id);
        }
      });
  }

  /** All the others mean to vouch that a device that asks is somebody's. */
  vouching(others: readonly Person[], what: string, run: Errand['run']): void {
    this.#list.push(...others.map((by) => ({ what, by, run })));
  }

  /** Notes a vote, a traitor's too. */
  cast(on: PersonId, by: PersonId): void {
    this.votes.set(on, (this.votes.get(on) ?? new Set()).add(by));
  }

  /** Runs some errand, but for somebody who sleeps through everything. */
  async runOne(sleeper: Member | undefined): Promise<void> {
    const at = this.#random.whole(0, this.#list.length - 1);
    const [errand] = this.#list.splice(at, 1);
    if (errand === undefined) return;
    const member = this.#random.pick(errand.by.devices);
    if (member === undefined || member === sleeper) return;
    if (!member.isAwake) await member.device.wake();
    if (!(await member.isIn())) return;
    await this.#deeds.doOrCrash(member, errand.what, () => errand.run(member));
  }
}
