/**
 * Which epochs a circle has come through are still served by this device, and when: as long as somebody who is in was not seen in
 * the newest one, and where this device itself waits for the keys of that (docs/protocol.md EP12).
 */
import type { DeviceId, EpochId } from '../base/ids.ts';
import { farewellMs, lighthousesMax } from '../base/limits.ts';
import type { LighthouseKeys } from '../records/epoch-keys.ts';
import { kinds } from '../records/kinds.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow } from '../store/database.ts';
import { rowsOfKind, statementRows } from '../store/held-rows.ts';
import { isServed } from '../store/entered-keyring.ts';
import { watch, type Watch } from '../store/watch.ts';
import { Lighthouse, type LighthouseDependencies } from './lighthouse.ts';
import type { Whereabouts } from './succession.ts';

export class Lighthouses {
  readonly #deps: LighthouseDependencies;
  readonly #circle: LocalCircle;
  readonly #relays: readonly string[];
  #whereabouts: Whereabouts;
  readonly #lit = new Map<EpochId, Lighthouse>();
  #rows: { readonly notices: readonly EnvelopeRow[]; readonly ledgers: readonly EnvelopeRow[] } | undefined;
  #watch: Watch | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(deps: LighthouseDependencies, circle: LocalCircle, whereabouts: Whereabouts, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#whereabouts = whereabouts;
    this.#relays = relays;
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
        return { notices: [...statements, ...seals], ledgers };
      },
      (rows) => {
        this.#rows = rows;
        this.#queue = this.#queue.catch(() => undefined).then(() => this.#tend());
      }
    );
  }

  /** The circle, or what is known of it, is another by now. */
  update(whereabouts: Whereabouts): void {
    this.#whereabouts = whereabouts;
    this.#queue = this.#queue.catch(() => undefined).then(() => this.#tend());
  }

  wake(): void {
    this.#lit.forEach((lighthouse) => lighthouse.wake());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watch?.unsubscribe();
    await this.#queue.catch(() => undefined); // reported when it failed
    await Promise.all([...this.#lit.values()].map((lighthouse) => lighthouse.stop()));
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.catch(() => undefined); // reported when it failed
    await Promise.all([...this.#lit.values()].map((lighthouse) => lighthouse.idle()));
  }

  async #tend(): Promise<void> {
    if (this.#stopped || this.#rows === undefined) return;
    const { notices, ledgers } = this.#rows;
    const wanted = this.#wanted(ledgers);
    for (const [epoch, lighthouse] of this.#lit) {
      if (wanted.some((keys) => keys.epoch === epoch)) continue;
      this.#lit.delete(epoch);
      await lighthouse.stop();
    }
    for (const keys of wanted) {
      if (this.#lit.has(keys.epoch)) continue;
      const lighthouse = new Lighthouse(this.#deps, this.#circle, keys, this.#relays);
      this.#lit.set(keys.epoch, lighthouse);
      lighthouse.start();
    }
    this.#lit.forEach((lighthouse) => lighthouse.show(this.#whereabouts.state, notices));
  }

  #wanted(ledgers: readonly EnvelopeRow[]): LighthouseKeys[] {
    const { current, lighthouses } = this.#circle.keyring;
    const nowMs = this.#deps.clock.nowMs();
    const served = lighthouses.filter((lighthouse) => isServed(lighthouse, nowMs)).slice(0, lighthousesMax);
    const former = served.map(({ keys }) => keys);
    const { standing, state } = this.#whereabouts;
    if (standing === 'behind') return [current.lighthouse, ...former];
    if (standing === 'in' && this.#isSomebodyMissing(ledgers)) return former;
    // Whoever is out now, or which device, is told where they look; nobody waits for them longer than a few days.
    const [last] = served;
    const isFresh = last !== undefined && nowMs - last.sinceMs < farewellMs;
    return standing === 'in' && isFresh && state.head?.manifest?.why === 'changed' ? [last.keys] : [];
  }

  /** EP12: a device shows that it is in an epoch by the ledger that it says there. */
  #isSomebodyMissing(ledgers: readonly EnvelopeRow[]): boolean {
    const { founding, current, device } = this.#circle.keyring;
    const here = new Set(
      ledgers.filter(({ epoch }) => (epoch ?? founding) === current.epoch).map((row): DeviceId => row.device)
    );
    const { members } = this.#whereabouts.state.head ?? { members: { personOf: new Map(), people: new Set() } };
    return [...members.personOf].some(
      ([id, person]) => id !== device.id && members.people.has(person) && !here.has(id)
    );
  }
}
