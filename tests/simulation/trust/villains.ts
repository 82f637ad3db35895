/**
 * Those who mean harm in one run: a member who turned, and thieves with lost phones.
 */
import { bytesToBase64Url, type Bytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import type { SimulatedNetwork } from '../network.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Member } from './member.ts';
import type { Person } from './people.ts';
import type { Travelled } from './plunder.ts';
import { Traitor } from './traitor.ts';

export interface VillainsDependencies {
  readonly network: SimulatedNetwork;
  readonly random: SeededRandom;
  /** Whether they may do only what villains did when the first seeds were pinned. */
  readonly areOld: boolean;
  readonly onVote: (on: PersonId, by: PersonId) => void;
  /** Is told of every key that they make. */
  readonly signKeys: Map<DeviceId, Bytes>;
  readonly tell: (line: string) => void;
}

export class Villains {
  /** Whose device turned. */
  turned: Person | undefined;
  readonly #deps: VillainsDependencies;
  readonly #traitors: Traitor[] = [];
  readonly #travelled = new Map<string, Travelled>();
  /** Which of these traitors wrote. */
  readonly #told = new Set<string>();

  constructor(deps: VillainsDependencies) {
    this.#deps = deps;
    deps.network.onEnvelope = (bytes, place) => {
      const name = nameOf(bytes);
      const known = this.#travelled.get(name);
      if (known === undefined) this.#travelled.set(name, { bytes: bytes.slice(), places: new Set([place]) });
      else known.places.add(place);
    };
  }

  get areThere(): boolean {
    return this.#traitors.length > 0;
  }

  /** Every envelope that honest devices ever put anywhere: what a traitor passes on to anybody is beyond all help. */
  get overheard(): readonly Travelled[] {
    return [...this.#travelled].flatMap(([name, each]) => (this.#told.has(name) ? [] : [each]));
  }

  /** Somebody's only device is a traitor's from now on; it is in like any other. */
  async turn(people: readonly Person[]): Promise<void> {
    const person = this.#deps.random.pick(people.slice(1).filter(({ devices }) => devices.length === 1));
    const [member] = person?.devices ?? [];
    if (person === undefined || member === undefined) return;
    person.devices.splice(0);
    this.turned = person;
    await this.take(member);
  }

  /** A device falls into a traitor's hands. */
  async take(member: Member): Promise<void> {
    if (!member.isAwake) await member.device.wake();
    const circle = await member.device.circle();
    await member.device.sleep();
    if (circle === undefined) return;
    const { network, random, areOld, onVote, signKeys, tell } = this.#deps;
    tell(`${member.name} is in a traitor's hands`);
    const name = `traitor ${member.name}`;
    const deps = {
      network,
      random: random.fork(name),
      overheard: () => this.#travelled,
      onVote,
      onEnvelope: (envelope: Bytes) => this.#told.add(nameOf(envelope)),
      onKeys: ({ id, publicKeys }: { id: DeviceId; publicKeys: { sign: Bytes } }) => signKeys.set(id, publicKeys.sign)
    };
    const traitor = new Traitor(name, circle, deps, areOld);
    await traitor.enter();
    this.#traitors.push(traitor);
  }

  /** One of them does one harmful thing. */
  async act(): Promise<void> {
    const traitor = this.#deps.random.pick(this.#traitors);
    if (traitor !== undefined) this.#deps.tell(`${traitor.name}: ${await traitor.act()}`);
  }

  async showWithheld(): Promise<void> {
    for (const traitor of this.#traitors) await traitor.showWithheld();
  }

  leave(): void {
    this.#traitors.forEach((traitor) => traitor.leave());
  }
}

const nameOf = (envelope: Uint8Array): string => bytesToBase64Url(envelope.subarray(0, 40));
