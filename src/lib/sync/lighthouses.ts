/**
 * Which epochs a circle has come through are still served by this device, and when: as long as somebody who is in was not seen in
 * the newest one, and where this device itself waits for the keys of that; also after its person has left (docs/protocol.md EP12, EP17).
 */
import type { DeviceId, EpochId } from '../base/ids.ts';
import { farewellMs, lighthousesMax } from '../base/limits.ts';
import type { EpochKeys, LighthouseKeys } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { OpenKeyring } from '../store/keyring.ts';
import type { EnvelopeRow } from '../store/database.ts';
import { rowsOfKind, statementRows } from '../store/held-rows.ts';
import { isServed } from '../store/entered-keyring.ts';
import { watch, type Watch } from '../store/watch.ts';
import { Lighthouse, type LighthouseDependencies } from './lighthouse.ts';
import { LostEpochs } from './lost-epochs.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Whereabouts } from './succession.ts';

export class Lighthouses {
  readonly #deps: LighthouseDependencies;
  readonly #circle: LocalCircle;
  readonly #relays: readonly string[];
  #whereabouts: Whereabouts;
  readonly #lit = new Map<EpochId, Lighthouse>();
  readonly #lost: LostEpochs;
  /** Where this device only listens. */
  readonly #heard = new Map<EpochId, Lighthouse>();
  #rows: Readonly<Record<'statements' | 'seals' | 'ledgers', readonly EnvelopeRow[]>> | undefined;
  #watch: Watch | undefined;
  readonly #queue = new SerialQueue();
  #stopped = false;

  constructor(deps: LighthouseDependencies, circle: LocalCircle, whereabouts: Whereabouts, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#whereabouts = whereabouts;
    this.#relays = relays;
    this.#lost = new LostEpochs(circle, deps.random);
  }

  start(): void {
    const { database } = this.#deps;
    const { n } = this.#circle;
    this.#watch = watch(
      async () => {
        const [statements, seals, ledgers] = await Promise.all([
          statementRows(database, n),
          rowsOfKind(database, n, kinds.seals),
          rowsOfKind(database, n, kinds.ledger)
        ]);
        return { statements, seals, ledgers };
      },
      (rows) => {
        this.#rows = rows;
        this.#queue.add(() => this.#tend());
      }
    );
  }

  /** The circle, or what is known of it, is another by now. */
  update(whereabouts: Whereabouts): void {
    this.#whereabouts = whereabouts;
    this.#queue.add(() => this.#tend());
  }

  wake(): void {
    [...this.#lit.values(), ...this.#heard.values()].forEach((lighthouse) => lighthouse.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    await this.#queue.idle();
    await Promise.all([...this.#lit.values(), ...this.#heard.values()].map((lighthouse) => lighthouse.stop()));
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
    await Promise.all([...this.#lit.values(), ...this.#heard.values()].map((lighthouse) => lighthouse.idle()));
  }

  async #tend(): Promise<void> {
    if (this.#stopped || this.#rows === undefined) return;
    const { statements, seals, ledgers } = this.#rows;
    const { keyring } = this.#circle;
    const nowMs = this.#deps.clock.nowMs();
    const wanted = lighthousesServed({ keyring, whereabouts: this.#whereabouts, ledgers, nowMs });
    await this.#keep(this.#lit, wanted, (keys) => new Lighthouse(this.#deps, this.#circle, keys, this.#relays));
    this.#lit.forEach((lighthouse) => lighthouse.show(this.#whereabouts.state, [...statements, ...seals]));
    await this.#listen(
      this.#whereabouts.standing === 'in' && wanted.length > 0
        ? await this.#lost.keysOf(this.#whereabouts.state, seals)
        : []
    );
  }

  /** EP18: hears what followed where the circle went past another way. Nothing is shown there, since nobody knows who else has the keys. */
  #listen(lost: readonly EpochKeys[]): Promise<void> {
    return this.#keep(this.#heard, lost, (keys) => {
      const receive: LighthouseDependencies['receive'] = async (arrivals) =>
        this.#deps.receive(await this.#lost.readable(keys, arrivals));
      return new Lighthouse({ ...this.#deps, receive }, this.#circle, keys.lighthouse, this.#relays);
    });
  }

  /** Has exactly these epochs lit: the others are put out, and what is missing is begun. */
  async #keep<Keys extends { readonly epoch: EpochId }>(
    lit: Map<EpochId, Lighthouse>,
    wanted: readonly Keys[],
    make: (keys: Keys) => Lighthouse
  ): Promise<void> {
    for (const [epoch, lighthouse] of lit) {
      if (wanted.some((keys) => keys.epoch === epoch)) continue;
      lit.delete(epoch);
      await lighthouse.stop();
    }
    for (const keys of wanted) {
      if (lit.has(keys.epoch) || this.#stopped) continue;
      const lighthouse = make(keys);
      lit.set(keys.epoch, lighthouse);
      lighthouse.start();
    }
  }
}

/** By what a device tells which epochs it serves. */
export interface ServedBy {
  readonly keyring: Pick<OpenKeyring, 'device' | 'founding' | 'current' | 'lighthouses'>;
  readonly whereabouts: Pick<Whereabouts, 'standing' | 'state'>;
  /** The ledgers that are held: a device shows that it is in an epoch by the one that it says there. */
  readonly ledgers: readonly Pick<EnvelopeRow, 'device' | 'epoch'>[];
  readonly nowMs: number;
}

/** The epochs that are served now, at most `lighthousesMax` former ones. EP12, EP17. */
export const lighthousesServed = (by: ServedBy): LighthouseKeys[] => {
  const { keyring, whereabouts, nowMs } = by;
  const { standing, state } = whereabouts;
  const served = keyring.lighthouses.filter((lighthouse) => isServed(lighthouse, nowMs)).slice(0, lighthousesMax);
  const former = served.map(({ keys }) => keys);
  if (standing === 'out') return [];
  if (standing === 'behind') return [keyring.current.lighthouse, ...former];
  const isNeeded = isSomebodyMissing(by);
  // Whoever went on from here may hold no older keys: then nobody else can tell those who are still there.
  if (standing === 'left') return isNeeded && former.length > 0 ? [keyring.current.lighthouse, ...former] : [];
  if (isNeeded) return former;
  // Whoever is out now, or which device, is told where they look; nobody waits for them longer than a few days.
  const [last] = served;
  const isFresh = last !== undefined && nowMs - last.sinceMs < farewellMs;
  return isFresh && state.head?.manifest?.why === 'changed' ? [last.keys] : [];
};

/** Whether somebody who is in was not seen in the epoch that this device is in. */
const isSomebodyMissing = ({ keyring, whereabouts, ledgers }: ServedBy): boolean => {
  const { founding, current, device } = keyring;
  const here = new Set(
    ledgers.filter(({ epoch }) => (epoch ?? founding) === current.epoch).map((row): DeviceId => row.device)
  );
  const { members } = whereabouts.state.head ?? { members: { personOf: new Map(), people: new Set() } };
  return [...members.personOf].some(([id, person]) => id !== device.id && members.people.has(person) && !here.has(id));
};
