/**
 * Random circles without any cryptography: statements made by devices that know a part, by hostile ones that say anything, and what
 * all of them make together once everybody knows everything.
 */
import type { DeviceId, EpochId, InviteId, PersonId, RecordHash } from '../../../src/lib/base/ids.ts';
import { dueChanges, isDue, planManifest } from '../../../src/lib/circle/due.ts';
import { reduceCircle, wayTo, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { isUnambiguous, type EpochReason, type ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import type { Manifest, Statement, StatedDevice } from '../../../src/lib/circle/statements.ts';
import { seededRandom } from '../base/seeded-random.ts';

const none = new Uint8Array(0);
const keys = { sign: none, agree: none };
export const founding = 'founding' as EpochId;

/** One run: `seed` decides everything. */
export class RandomCircle {
  readonly all: Statement[] = [];
  /** Devices of people who mean ill, or whose app does. */
  readonly hostile = new Set<DeviceId>();
  readonly #known = new Map<DeviceId, Set<Statement>>();
  readonly #bytes: (count: number) => Uint8Array;
  #made = 0;
  /** Where whoever speaks now thinks that the circle is. */
  #at = founding;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#bytes = (count) => random.bytes(count);
    const device = this.#newDevice();
    const stated = {
      author: device.id,
      hash: this.#name('h') as RecordHash,
      time: { ms: 0, count: 0 },
      epoch: founding
    };
    const person = device.id as string as PersonId;
    this.#tell(device.id, {
      ...{ ...stated, type: 'genesis', circleName: 'Us', person, personName: person, device }
    });
    const people = 2 + this.below(7);
    for (let n = 1; n < people; n++) this.#letIn(this.pick([...this.#known.keys()]));
    for (let n = this.below(people); n > 0; n--) this.#addDevice(this.pick([...this.#known.keys()]));
    for (const each of this.#known.keys()) if (this.chance(0.15)) this.hostile.add(each);
    if (this.chance(0.8)) this.#meet(1);
  }

  /** A whole number under `limit`. */
  below(limit: number): number {
    const [high = 0, low = 0] = this.#bytes(2);
    return (high * 256 + low) % limit;
  }

  chance(of: number): boolean {
    return this.below(1000) < of * 1000;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  some<T>(from: readonly T[], of = 0.5): T[] {
    return from.filter(() => this.chance(of));
  }

  shuffled<T>(from: readonly T[]): T[] {
    const order = [...from];
    for (let n = order.length - 1; n > 0; n--) {
      const other = this.below(n + 1);
      [order[n], order[other]] = [order[other] as T, order[n] as T];
    }
    return order;
  }

  /** Somebody does something, as they see it. */
  step(): void {
    const device = this.pick([...this.#known.keys()]);
    const state = reduceCircle([...(this.#known.get(device) ?? [])]);
    this.#at = state.head?.id ?? founding;
    if (this.hostile.has(device) && this.chance(0.5)) return this.#sayAnything(device);
    const person = state.head?.members.personOf.get(device);
    if (person === undefined || state.head === undefined || state.head.members.left.has(person)) return this.#meet(0.2);
    const { people, personOf } = state.head.members;
    const own = [...personOf].filter(([, of]) => of === person).map(([id]) => id);
    const kind = this.below(20);
    if (kind < 8)
      this.#tell(device, { ...this.#stated(device), type: 'vote', on: { person: this.#target([...people]) } });
    else if (kind < 9 && own.length > 1)
      this.#tell(device, { ...this.#stated(device), type: 'vote', on: { device: this.pick(own) } });
    else if (kind < 10 && people.size > 3 && this.chance(0.5))
      this.#tell(device, { ...this.#stated(device), type: 'leave', words: this.pick(['stay', 'go']) });
    else if (kind < 12 && people.size < 9) this.#letIn(device);
    else if (kind < 13 && own.length < 3) this.#addDevice(device);
    else if (kind < 15) this.#vouch(device, this.#target([...people]));
    else if (kind < 18) this.#begin(device, state, this.chance(0.2) ? 'fresh' : 'changed');
    else this.#meet(0.3);
  }

  /** Whoever may makes what is due, everybody knowing everything, until nothing is due; `undefined` where nobody may. */
  settle(stepsMax: number): { readonly state: CircleState; readonly steps: number } | undefined {
    for (let steps = 0; steps <= stepsMax; steps++) {
      const state = reduceCircle(this.all);
      if (!isDue(dueChanges(state))) return { state, steps };
      const makers = [...(state.head?.members.personOf.keys() ?? [])].filter((each) =>
        planManifest(state, each, 'changed')
      );
      if (makers.length === 0) return undefined;
      const made = this.#begin(this.pick(makers), state, 'changed');
      const { head } = reduceCircle(this.all);
      if (head?.id !== made?.id) throw new Error('what is due, made by whoever may, is where the circle is next');
    }
    throw new Error('a circle that everybody knows all about settles');
  }

  /** What people say long after: newcomers come, others leave, and those who are out say whatever they like, dated as they like. */
  afterwards(): void {
    const { head } = reduceCircle(this.all);
    if (head === undefined) return;
    this.#at = head.id;
    const { people, personOf, left } = head.members;
    const inside = [...personOf].filter(([, person]) => people.has(person)).map(([device]) => device);
    const outside = [...this.#known.keys()].filter(
      (each) => !personOf.has(each) || left.has(personOf.get(each) as PersonId)
    );
    for (const device of inside.slice(0, 4)) this.#letIn(device);
    for (const device of inside.slice(1)) this.#tell(device, { ...this.#stated(device), type: 'leave', words: 'stay' });
    for (const device of outside) {
      const epoch = this.pick(wayTo(head)).id;
      this.#letIn(device, epoch);
      this.#addDevice(device, epoch);
      this.#tell(device, { ...this.#stated(device, epoch), type: 'leave', words: 'go' });
      const on = { person: this.pick([...people, device as never]) };
      this.#tell(device, { ...this.#stated(device, epoch), type: 'vote', on });
    }
  }

  /** A manifest with nothing right about it but its form. */
  #sayAnything(device: DeviceId): void {
    const state = reduceCircle(this.all);
    const epochs = [...state.epochs.values()];
    const parent = this.pick(epochs);
    const { people, personOf } = parent.members;
    const devices = [...this.#known.keys()];
    const kind = this.below(6);
    if (kind === 0) return this.#letIn(device, parent.id);
    if (kind === 1) return this.#addDevice(device, parent.id);
    if (kind === 2)
      return this.#tell(device, {
        ...this.#stated(device, parent.id),
        type: 'vote',
        on: { device: this.pick(devices) }
      });
    if (kind === 3)
      return this.#tell(device, {
        ...this.#stated(device, parent.id),
        type: 'vote',
        on: { person: this.pick([...people, personOf.get(device) ?? (device as never)]) }
      });
    // Not too far from the truth, or none would ever count.
    const removed = new Set(this.chance(0.5) ? [] : this.some([...people], 0.25));
    const dropped = new Set(this.chance(0.7) ? [] : this.some([...personOf.keys()], 0.2));
    const listed = [...people].filter((id) => !removed.has(id) && !this.chance(0.1));
    const terms: ManifestTerms = {
      parent: parent.id,
      why: this.pick(['changed', 'fresh', 'tidied']),
      commit: none,
      people: listed.map((id) => ({
        id,
        devices: [
          ...[...personOf]
            .filter(([each, of]) => of === id && !dropped.has(each) && !this.chance(0.05))
            .map(([each]) => each),
          ...(this.chance(0.05) ? [this.pick(devices)] : [])
        ]
      })),
      removed: [...removed],
      dropped: [...dropped]
    };
    if (isUnambiguous(terms)) this.#state(device, terms);
  }

  #begin(device: DeviceId, state: CircleState, why: EpochReason): Manifest | undefined {
    const planned = planManifest(state, device, why);
    return planned === undefined ? undefined : this.#state(device, { ...planned, commit: none });
  }

  #state(device: DeviceId, terms: ManifestTerms): Manifest {
    const made: Manifest = {
      ...this.#stated(device, terms.parent),
      ...terms,
      type: 'manifest',
      id: this.#name('e') as EpochId
    };
    this.#tell(device, made);
    return made;
  }

  #letIn(by: DeviceId, epoch?: EpochId): void {
    const device = this.#newDevice();
    const person = device.id as string as PersonId;
    const invite = this.#name('i') as InviteId;
    const letIn: Statement = {
      ...this.#stated(by, epoch),
      type: 'add-person',
      invite,
      person,
      personName: person,
      device
    };
    this.#tell(by, letIn);
    this.#known.set(device.id, new Set(this.#known.get(by)));
    if (this.hostile.has(by)) this.hostile.add(device.id);
  }

  #addDevice(by: DeviceId, epoch?: EpochId): void {
    const device = this.#newDevice();
    const invite = this.#name('i') as InviteId;
    this.#tell(by, { ...this.#stated(by, epoch), type: 'add-device', invite, label: 'tablet', device });
    this.#known.set(device.id, new Set(this.#known.get(by)));
    if (this.hostile.has(by)) this.hostile.add(device.id);
  }

  /** Joins in with those who vouched for that person before, more often than not. */
  #vouch(by: DeviceId, person: PersonId): void {
    const before = this.all.filter((each) => each.type === 'rebind' && each.person === person);
    const earlier = before.length > 0 && this.chance(0.8) ? this.pick(before) : undefined;
    const device = earlier?.type === 'rebind' ? earlier.device : this.#newDevice();
    this.#tell(by, { ...this.#stated(by), type: 'rebind', person, invite: this.#name('i') as InviteId, device });
  }

  /** Mostly the same few, or no majority would ever come together. */
  #target(people: readonly PersonId[]): PersonId {
    const first = people.toSorted()[0] as PersonId;
    return this.chance(0.6) ? first : this.pick(people);
  }

  /** Some devices tell each other all they know. */
  #meet(of: number): void {
    const there = this.some([...this.#known.values()], of);
    const together = new Set(there.flatMap((each) => [...each]));
    for (const each of there) for (const statement of together) each.add(statement);
  }

  #stated(author: DeviceId, epoch?: EpochId) {
    const isLying = this.hostile.has(author) && this.chance(0.5);
    return {
      author,
      hash: this.#name('h') as RecordHash,
      time: { ms: isLying ? this.below(500) - 100 : this.#made, count: 0 },
      epoch: epoch ?? this.#at
    };
  }

  #tell(by: DeviceId, statement: Statement): void {
    this.all.push(statement);
    this.#known.get(by)?.add(statement);
  }

  #newDevice(): StatedDevice {
    const id = this.#name('d') as DeviceId;
    this.#known.set(id, this.#known.get(id) ?? new Set());
    return { id, keys };
  }

  /** Of random order, unique. */
  #name(prefix: string): string {
    return `${prefix}${this.below(65536).toString(16).padStart(4, '0')}-${this.#made++}`;
  }
}
