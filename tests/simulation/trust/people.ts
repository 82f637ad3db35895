/**
 * Who is there: people with their devices, those that they add, and those who ask to be let in.
 */
import { assert } from '../../../src/lib/base/assert.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import type { JoinAs } from '../../../src/lib/circle/transcript.ts';
import type { Clocks } from '../clocks.ts';
import { Device } from '../device.ts';
import type { SimulatedNetwork } from '../network.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { Member } from './member.ts';

/** Somebody with their devices. */
export interface Person {
  readonly name: string;
  readonly id: PersonId;
  /** Those that are honestly theirs, the first among them, lost ones not. */
  readonly devices: Member[];
}

/** Somebody who asks to be let in, and those who would say yes. */
export interface Asking {
  readonly member: Member;
  readonly device: DeviceId;
  readonly tend: () => Promise<void>;
  /** Whose device it will be, where it is not a newcomer's. */
  readonly person: Person | undefined;
}

/** Somebody who asks, as which kind of newcomer; `person`: whose device it will be, where it is not a newcomer's. */
export interface Request {
  readonly member: Member;
  readonly inviter: Member;
  readonly as?: JoinAs;
  readonly person?: Person;
}

export interface PeopleDependencies {
  readonly random: SeededRandom;
  readonly network: SimulatedNetwork;
  /** Names databases: never used twice, since live queries listen by name. */
  readonly run: string;
  readonly clocks: Clocks;
  readonly tell: (line: string) => void;
}

export class People {
  readonly list: Person[] = [];
  readonly asking: Asking[] = [];
  /** Public signing keys of all devices there are. */
  readonly signKeys = new Map<DeviceId, Bytes>();
  /** New phones of people who lost theirs. */
  readonly returns = new Map<Member, Person>();
  readonly #deps: PeopleDependencies;
  readonly #random: SeededRandom;
  #met = 0;

  constructor(deps: PeopleDependencies) {
    this.#deps = deps;
    this.#random = deps.random;
  }

  /** How many devices there have been. */
  get metCount(): number {
    return this.#met;
  }

  /** Every honest device, those that ask too. */
  get members(): Member[] {
    return [...this.list.flatMap(({ devices }) => devices), ...this.asking.map(({ member }) => member)];
  }

  /** Somebody's device, which has not woken yet. */
  meet(name: string): Member {
    const random = this.#random.fork(`${name} ${++this.#met}`);
    const { run, network, clocks } = this.#deps;
    const device = new Device(name, run, clocks.skewMsOf(this.#random, random), network, random.fork('device'));
    device.hasServer = clocks.hasServer;
    return new Member(device, random);
  }

  /** One more device of somebody's, let in by hand. */
  async addDeviceAtOnce(person: Person): Promise<void> {
    const [first] = person.devices;
    assert(first !== undefined, 'somebody has a device');
    const member = this.meet(`${person.name}-${person.devices.length + 1}`);
    await member.device.wake();
    const candidate = await member.makeCandidate(first, 'device');
    await first.addCandidate(candidate);
    await member.enterWith(first, candidate);
    await this.learnKey(member);
    person.devices.push(member);
  }

  /** Notes the key that this device signs with. */
  async learnKey(member: Member): Promise<void> {
    const keys = (await member.device.circle())?.keyring.device;
    if (keys !== undefined) this.signKeys.set(keys.id, keys.publicKeys.sign);
  }

  /** Those who ask are looked after by those who are awake. */
  async tend(): Promise<void> {
    for (const asking of [...this.asking]) {
      await asking.tend();
      const state = asking.member.isAwake ? await asking.member.joiningState() : 'asking';
      if (state === 'asking') continue;
      this.asking.splice(this.asking.indexOf(asking), 1);
      this.#deps.tell(`${asking.member.name}: ${state}`);
      if (state !== 'in') {
        await asking.member.device.sleep();
        continue;
      }
      await this.learnKey(asking.member);
      const person = asking.person ?? this.returns.get(asking.member);
      if (person !== undefined) person.devices.push(asking.member);
      else
        this.list.push({
          name: asking.member.name,
          id: asking.device as string as PersonId,
          devices: [asking.member]
        });
    }
  }

  /** Somebody asks by a real link, and goes on asking; who is awake answers. Which device asks, or none where there is no link. */
  async ask({ member, inviter, as, person }: Request): Promise<DeviceId | undefined> {
    const link = await inviter.tryInvite();
    if (link === undefined) return undefined;
    await member.device.wake();
    const device = await member.ask(link, as);
    const tend = async (): Promise<void> => {
      if (as === 'again') return;
      const hosts = person?.devices ?? this.list.flatMap(({ devices }) => devices);
      const host = this.#random.pick(hosts.filter(({ isAwake }) => isAwake));
      if (host === undefined || !(await host.isIn())) return;
      await (as === 'device' ? host.addOwn(device) : host.answerDoor(device));
    };
    this.asking.push({ member, device, tend, person });
    return device;
  }
}
