/**
 * Following a circle from epoch to epoch: moves this device to where the circle is, once somebody has handed it the keys, and makes
 * the next epoch where the circle has decided something that none says yet (docs/protocol.md EP8, EP10–EP12).
 *
 * It watches the disk, so it does not matter how a statement came in, or in which tab something was said.
 */
import type { DeviceId, EpochId } from '../base/ids.ts';
import { keysPatienceMs, successionDelayMaxMs, successionDelayMinMs } from '../base/limits.ts';
import { jitterMs } from '../base/random.ts';
import { unwrap } from '../base/result.ts';
import { dueChanges, isDue, planManifest } from '../circle/due.ts';
import { reduceCircle, wayTo, type CircleState, type Epoch } from '../circle/epochs.ts';
import { openEpoch, readSealsBody, sealEpoch, sealsSlot, type Seals } from '../circle/seals.ts';
import { kinds } from '../records/kinds.ts';
import { openRecord } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow } from '../store/database.ts';
import { rowsOfKind, statementRows } from '../store/held-rows.ts';
import { agreeKeysOf, beginEpoch, epochLock, type EpochMakingDependencies } from '../store/epoch-making.ts';
import { enterEpoch } from '../store/epoch-move.ts';
import { forgetWords } from '../store/forgetting.ts';
import { noteKeyless } from '../store/keyless.ts';
import { openStatements, stateOfRows, stateOfStatements } from '../store/rosters.ts';
import { watch, type Watch } from '../store/watch.ts';
import { SerialQueue } from './serial-queue.ts';

/**
 * `in`: this device is where the circle is, if only to say that its person left. `behind`: the circle went on, and nobody has handed
 * this device the keys yet. `left`: it went on, after this device's person left by their own word. `out`: it went on without it.
 */
export type Standing = 'in' | 'behind' | 'left' | 'out';

/** How a device stands to a circle that is in `head`; `isHere`: whether that is the epoch the device is in. */
export const standingIn = ({ members }: Epoch, device: DeviceId, isHere: boolean): Standing => {
  const person = members.personOf.get(device);
  if (person === undefined) return 'out';
  // Whoever has left carries the word of it as long as they hold the keys: nobody else can.
  if (isHere) return 'in';
  return members.people.has(person) ? 'behind' : 'left';
};

export interface Whereabouts {
  readonly standing: Standing;
  /** Where this device is. */
  readonly epoch: EpochId;
  readonly state: CircleState;
}

export class Succession {
  readonly #deps: EpochMakingDependencies;
  readonly #circle: LocalCircle;
  readonly #onWhereabouts: (whereabouts: Whereabouts) => void;
  #watch: Watch | undefined;
  readonly #queue = new SerialQueue();
  #cancelMaking: (() => void) | undefined;
  #awaited: { readonly epoch: EpochId; readonly cancel: () => void } | undefined;
  #cancelHanding: (() => void) | undefined;
  /** Devices that were handed the current epoch's keys by this one since it runs. */
  readonly #handed = new Set<string>();
  #stopped = false;

  constructor(deps: EpochMakingDependencies, circle: LocalCircle, onWhereabouts: (whereabouts: Whereabouts) => void) {
    this.#deps = deps;
    this.#circle = circle;
    this.#onWhereabouts = onWhereabouts;
  }

  start(): void {
    const { database } = this.#deps;
    const { n } = this.#circle;
    this.#watch = watch(
      async () => {
        const [statements, seals, row] = await Promise.all([
          statementRows(database, n),
          rowsOfKind(database, n, kinds.seals),
          database.circles.get(n)
        ]);
        return { statements, seals, isRetired: row?.retired === true, sealed: row?.sealed };
      },
      ({ statements, seals, isRetired }) => this.#queue.add(() => this.#evaluate(statements, seals, isRetired))
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    this.#awaited?.cancel();
    this.#cancelMaking?.();
    this.#cancelHanding?.();
  }

  /** Resolves when there is nothing left to do now. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  async #evaluate(
    statements: readonly EnvelopeRow[],
    seals: readonly EnvelopeRow[],
    isRetired: boolean
  ): Promise<void> {
    const circle = this.#circle;
    await circle.refresh();
    const opened = await openStatements(circle, statements);
    await this.#findKeys(reduceCircle(opened, circle.keyring.anchor), seals, isRetired);
    // Where nobody hands out the keys of that and others went on without it, theirs are looked for (EP16).
    await this.#findKeys(stateOfStatements(circle, opened), seals, isRetired);
    const state = stateOfStatements(circle, opened);
    const { head } = state;
    if (head === undefined || this.#stopped) return;
    const { device } = circle.keyring;
    const isHere = head.id === circle.keyring.current.epoch;
    const standing = isRetired ? 'out' : standingIn(head, device.id, isHere);
    const isIn = !isRetired && head.members.people.has(head.members.personOf.get(device.id) ?? noPerson);
    this.#awaitKeys(standing === 'behind' ? head : undefined);
    await this.#letWordsGo(state);
    this.#onWhereabouts({ standing, epoch: circle.keyring.current.epoch, state });
    if (!isIn || !isHere) return;
    if (isDue(dueChanges(state)) && planManifest(state, device.id, 'changed') !== undefined) this.#makeSoon(state);
    await this.#handOn(state, head);
  }

  /** Goes where the circle is by all that is known, also where that was waited for in vain before. */
  async #findKeys(state: CircleState, seals: readonly EnvelopeRow[], isRetired: boolean): Promise<void> {
    const { head } = state;
    const { current, device } = this.#circle.keyring;
    if (isRetired || head === undefined || head.id === current.epoch) return;
    const person = head.members.personOf.get(device.id);
    if (person !== undefined && head.members.people.has(person)) await this.#approach(state, head, seals);
  }

  /** EP16: an epoch that nobody hands out the keys of is not waited for for ever. */
  #awaitKeys(head: Epoch | undefined): void {
    if (this.#awaited?.epoch === head?.id) return;
    this.#awaited?.cancel();
    this.#awaited = undefined;
    if (head === undefined || this.#stopped) return;
    const giveUp = (): void => this.#queue.add(() => noteKeyless(this.#deps, this.#circle, head.id));
    this.#awaited = { epoch: head.id, cancel: this.#deps.clock.after(keysPatienceMs, giveUp) };
  }

  /** EP13: whoever left and took their words along takes them from this phone too. */
  async #letWordsGo({ head, roster }: CircleState): Promise<void> {
    const gone = [...roster.devicesById.values()].filter(({ person }) => head?.members.left.get(person) === 'go');
    const own = gone.some(({ id }) => id === this.#circle.keyring.device.id);
    if (gone.length > 0 && !own)
      await forgetWords(
        this.#deps.database,
        this.#circle.n,
        gone.map(({ id }) => id)
      );
  }

  /**
   * Moves to where the circle is, or else as far on the way there as the keys that are here lead: what hands on the next ones may stand
   * nowhere but there. Whether it could.
   */
  async #approach({ epochs }: CircleState, head: Epoch, seals: readonly EnvelopeRow[]): Promise<boolean> {
    const here = epochs.get(this.#circle.keyring.current.epoch);
    const behind = new Set(here === undefined ? [] : wayTo(here).map(({ id }) => id));
    for (const epoch of wayTo(head)) {
      // From here on it would be back; that is for where the circle itself went back to.
      if (behind.has(epoch.id) && epoch !== head) return false;
      if (await this.#follow(epoch, seals)) return true;
    }
    return false;
  }

  /** Moves into an epoch; whether it could. What it then finds is evaluated anew, since the circle's row has changed. */
  async #follow(head: Epoch, rows: readonly EnvelopeRow[]): Promise<boolean> {
    const { database, exclusively, clock } = this.#deps;
    const circle = this.#circle;
    const secret = circle.keyring.secretOf(head.id) ?? (await this.#openSeals(head, rows));
    if (secret === undefined || this.#stopped) return false;
    await exclusively(epochLock(database, circle.n), async () => {
      // Something may have been begun here meanwhile, or in another tab: nobody goes back to where they set out for.
      await circle.refresh();
      const statements = await openStatements(circle, await statementRows(database, circle.n));
      const { anchor, current } = circle.keyring;
      const isWanted = [reduceCircle(statements, anchor), stateOfStatements(circle, statements)].some(
        ({ head: newest, epochs }) => {
          const here = epochs.get(current.epoch);
          const leadsTo = (end: Epoch | undefined): boolean =>
            end !== undefined && wayTo(end).some(({ id }) => id === head.id);
          return leadsTo(newest) && !(leadsTo(here) && newest?.id !== head.id);
        }
      );
      if (!isWanted) return;
      const since = wayTo(head).findIndex(({ id }) => id === circle.keyring.current.epoch);
      // It may have slept through a tidying up and more.
      const passed = wayTo(head).slice(0, since < 0 ? undefined : since);
      const forgetOlder = passed.some(({ manifest }) => manifest?.why === 'tidied');
      const to = { epoch: head.id, secret };
      unwrap(await enterEpoch({ ...this.#deps, nowMs: clock.nowMs() }, circle, to, { forgetOlder }));
    });
    return true;
  }

  async #openSeals(head: Epoch, rows: readonly EnvelopeRow[]) {
    const { circle, device } = this.#circle.keyring;
    for (const seals of await this.#sealsOf(head.id, rows)) {
      const secret = head.manifest && (await openEpoch(circle, seals, device.agreeKeys, head.manifest.commit));
      if (secret !== null && secret !== undefined) return secret;
    }
    return undefined;
  }

  async #sealsOf(epoch: EpochId, rows: readonly EnvelopeRow[]): Promise<Seals[]> {
    const opened = await Promise.all(rows.map(({ bytes }) => openRecord(bytes, this.#circle.keyring.epochs)));
    return opened.flatMap((record) => {
      const seals = record.ok ? readSealsBody(record.value.payload.body) : undefined;
      return seals?.epoch === epoch ? [seals] : [];
    });
  }

  /** Whoever decided last makes the epoch at once; the others only if that one went away. */
  #makeSoon({ sorted, votes }: CircleState): void {
    if (this.#cancelMaking !== undefined) return;
    const { clock, random } = this.#deps;
    const deciding = [...votes, ...(sorted?.rebinds ?? [])].toSorted((a, b) => b.time.ms - a.time.ms);
    const isMine = deciding[0]?.author === this.#circle.keyring.device.id;
    const delayMs = isMine ? 0 : jitterMs(random, successionDelayMinMs, successionDelayMaxMs);
    this.#cancelMaking = clock.after(delayMs, () => {
      this.#cancelMaking = undefined;
      this.#queue.add(() => this.#make());
    });
  }

  async #make(): Promise<void> {
    const rows = await statementRows(this.#deps.database, this.#circle.n);
    const state = await stateOfRows(this.#circle, rows);
    if (isDue(dueChanges(state))) unwrap(await beginEpoch(this.#deps, this.#circle, 'changed'));
  }

  /**
   * Hands the keys to devices that came in while others were elsewhere, and so were not thought of when the epoch was made; and after a
   * while to those that were, and are not seen here: whoever made it may have kept the keys from them.
   */
  async #handOn(state: CircleState, head: Epoch): Promise<void> {
    if (head.manifest === null) return;
    const { clock, random } = this.#deps;
    const listed = new Set(head.manifest.people.flatMap(({ devices }) => devices));
    const added = new Set((state.sorted?.additions ?? []).filter(({ epoch }) => epoch === head.id).map(introduced));
    await this.#hand(state, head, (device) => !listed.has(device) && !added.has(device));
    this.#cancelHanding ??= clock.after(jitterMs(random, 2 * successionDelayMaxMs, 4 * successionDelayMaxMs), () => {
      this.#cancelHanding = undefined;
      this.#queue.add(() => this.#handToUnseen());
    });
  }

  async #handToUnseen(): Promise<void> {
    const state = await stateOfRows(this.#circle, await statementRows(this.#deps.database, this.#circle.n));
    const { head } = state;
    if (head === undefined || head.manifest === null || head.id !== this.#circle.keyring.current.epoch) return;
    await this.#hand(state, head, () => true);
  }

  /**
   * Says the keys, where any device `lacks` them that was not handed them since this runs: to all that were not seen here, since what is
   * said takes the place of what this device handed out before.
   */
  async #hand(state: CircleState, head: Epoch, lacks: (device: DeviceId) => boolean): Promise<void> {
    const { database, author, random } = this.#deps;
    const { circle, currentSecret, device: own } = this.#circle.keyring;
    const ledgers = await rowsOfKind(database, this.#circle.n, kinds.ledger);
    const seen = new Set([own.id, ...ledgers.filter(({ epoch }) => epoch === head.id).map(({ device }) => device)]);
    const unseen = [...head.members.personOf]
      .filter(([device, person]) => head.members.people.has(person) && !seen.has(device))
      .map(([device]) => device);
    if (!unseen.some((device) => lacks(device) && !this.#handed.has(`${head.id} ${device}`))) return;
    unseen.forEach((device) => this.#handed.add(`${head.id} ${device}`));
    const body = await sealEpoch(circle, currentSecret, agreeKeysOf(state, unseen), random);
    await author.say(this.#circle, { kind: kinds.seals, slot: sealsSlot(head.id), body, expMs: null });
  }
}

const introduced = ({ device }: { readonly device: { readonly id: DeviceId } }): DeviceId => device.id;
const noPerson = '' as never;
