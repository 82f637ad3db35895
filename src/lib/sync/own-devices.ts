/**
 * Bringing a person's devices into all of their circles, by records in their own one (docs/protocol.md OD1–OD4, OD7).
 *
 * Whoever is in a circle says so there; a device that is not asks; any that is lets it in and leaves the welcome. No tap is needed: in
 * one's own circle there is nobody else. It watches the disk, so it works by whatever route the records come.
 */
import { bytesToId, idBytesLength, type DeviceId, type InviteId } from '../base/ids.ts';
import { askToStatement, makeAsk, openWelcome, sealWelcome, type Ask } from '../circle/joining.ts';
import {
  deviceAskSlot,
  deviceAskToBody,
  deviceWelcomeSlot,
  deviceWelcomeToBody,
  membershipSlot,
  membershipToBody,
  type Membership
} from '../circle/pairing.ts';
import { isIn, personOfDevice } from '../circle/roster.ts';
import { addDeviceSlot } from '../circle/slots.ts';
import { askNonceBytes } from '../circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets, importDevice } from '../crypto/device.ts';
import { kinds } from '../records/kinds.ts';
import type { Author } from '../store/author.ts';
import type { LocalCircle } from '../store/circles.ts';
import { statementRows } from '../store/held-rows.ts';
import { forgetPendingDevice, keepPendingDevice, readPendingDevice } from '../store/pending-devices.ts';
import { openPairings, queryPairings, type Pairings } from '../store/pairings.ts';
import { openHandedKeys, privateDates, queryHandedKeys, type HandedRecord } from '../store/handed-keys.ts';
import { readState } from '../store/rosters.ts';
import type { Vault } from '../store/vault.ts';
import { watch, type Watch } from '../store/watch.ts';
import { enterCircle, type EnteringDependencies } from './entering.ts';
import { KeyHanding, newcomersOf } from './key-handing.ts';
import { SerialQueue } from './serial-queue.ts';
import { welcomeFor } from './welcoming.ts';

export interface OwnDevicesDependencies extends EnteringDependencies {
  readonly vault: Vault;
  readonly author: Author;
}

export class OwnDevices {
  readonly #deps: OwnDevicesDependencies;
  readonly #own: LocalCircle;
  readonly #keys: KeyHanding;
  #watch: Watch | undefined;
  readonly #queue = new SerialQueue();
  /** Whether a turn waits in the queue that will see all there is. */
  #isDue = false;
  #stopped = false;

  constructor(deps: OwnDevicesDependencies, own: LocalCircle) {
    this.#deps = deps;
    this.#own = own;
    this.#keys = new KeyHanding(deps, own);
  }

  start(): void {
    const { database } = this.#deps;
    this.#watch = watch(
      async () => {
        const circles = await database.circles.toArray();
        // Whoever came in elsewhere, or is out there, is seen by the statements of that circle; and what is private there may be lacking.
        await Promise.all(circles.map(({ n }) => Promise.all([statementRows(database, n), privateDates(database, n)])));
        await Promise.all([queryPairings(database, this.#own.n), queryHandedKeys(database, this.#own.n)]);
      },
      () => {
        if (this.#isDue) return;
        this.#isDue = true;
        this.#queue.add(() => {
          this.#isDue = false;
          return this.#evaluate();
        });
      }
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
  }

  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  async #evaluate(): Promise<void> {
    const { database, circles } = this.#deps;
    await this.#own.refresh();
    const { roster } = await readState(database, this.#own);
    const me = this.#own.keyring.device.id;
    if (!isIn(roster, me)) return;
    // As it is now, not as it was when the watch saw it: this device may have asked meanwhile, and must not ask with other keys.
    const said = await openPairings(this.#own, roster, await queryPairings(database, this.#own.n));
    const handed = await openHandedKeys(this.#own, roster, await queryHandedKeys(database, this.#own.n));
    const label = roster.devicesById.get(me)?.label ?? '';
    for (const circle of await circles.all()) {
      if (circle.keyring.own || this.#stopped) continue;
      await this.#tellOf(circle, said);
      const asks = said.asks.filter(({ terms, by }) => by !== me && terms.circle === circle.keyring.circle);
      for (const ask of asks) await this.#letIn(circle, ask, said);
      await this.#shareKeys(circle, asks, said, handed);
    }
    for (const membership of said.memberships.filter(({ by }) => by !== me)) await this.#wish(membership, label, said);
  }

  /** OD1: says that this device is in a circle, once. */
  async #tellOf({ keyring }: LocalCircle, { memberships }: Pairings): Promise<void> {
    const { circle, device, relays } = keyring;
    const by = this.#own.keyring.device.id;
    if (memberships.some((each) => each.by === by && each.circle === circle && each.device === device.id)) return;
    const body = membershipToBody({ circle, device: device.id, relays });
    await this.#say(kinds.membership, membershipSlot(circle), body);
  }

  /**
   * OD2: asks to be in a circle that another device is in; or comes in, where it has been welcomed. Also where this one was in by
   * itself, as somebody else, and has left.
   */
  async #wish(membership: Membership, label: string, { asks, welcomes }: Pairings): Promise<void> {
    const { database, circles, vault, random } = this.#deps;
    const { circle, relays } = membership;
    const local = await circles.byId(circle);
    if (this.#stopped || (local !== undefined && !(await this.#hasLeft(local, membership)))) return;
    const me = this.#own.keyring.device.id;
    const asked = asks.find((ask) => ask.by === me && ask.terms.circle === circle);
    const pending = await readPendingDevice(database, vault, circle);
    if (asked === undefined || pending === undefined) {
      const device = await generateDeviceSecrets();
      const invite = bytesToId<InviteId>(random.bytes(idBytesLength));
      const nonce = random.bytes(askNonceBytes);
      const keys = device.publicKeys;
      const terms = { circle, invite, name: label, keys, nonce, as: 'device' } as const;
      const ask = await makeAsk(await importDevice(device), terms);
      // Its keys first: an ask whose keys are lost would be answered for nobody.
      await keepPendingDevice(database, vault, circle, device);
      await this.#say(kinds.deviceAsk, deviceAskSlot(circle), deviceAskToBody(ask));
      return;
    }
    const open = await importDevice(pending);
    for (const { box } of welcomes.filter(({ to }) => to === open.id)) {
      const welcome = await openWelcome(open, asked, box);
      if (welcome === undefined) continue;
      // One's own device vouches for the epoch by sealing its welcome in one's own circle.
      const entrance = { device: pending, epoch: welcome.epoch, relays, own: false };
      if ((await enterCircle(this.#deps, welcome, entrance, () => forgetPendingDevice(database, circle))) !== undefined)
        return;
    }
  }

  /** Whether this device's person left the circle of their own will, and the other device is there as another one. */
  async #hasLeft(local: LocalCircle, { device }: Membership): Promise<boolean> {
    const { roster } = await readState(this.#deps.database, local);
    const person = personOfDevice(roster, local.keyring.device.id);
    const known = roster.people.find(({ id }) => id === person);
    return known?.left === true && known.removed !== true && isIn(roster, device);
  }

  /** OD3: lets a device in that asked, and leaves its welcome once it is on the roster. */
  async #letIn(local: LocalCircle, ask: Ask, { welcomes }: Pairings): Promise<void> {
    const { database, author } = this.#deps;
    const device = await deviceIdOf(ask.terms.keys.sign);
    if (welcomes.some(({ to }) => to === device)) return;
    await local.refresh();
    const state = await readState(database, local);
    if (!isIn(state.roster, local.keyring.device.id)) return;
    if (!state.roster.devicesById.has(device)) {
      const statement = { kind: kinds.addDevice, slot: addDeviceSlot(device), body: askToStatement(ask) };
      await author.say(local, { ...statement, expMs: null });
      return; // The statement is seen by the watch, and the welcome follows.
    }
    const welcome = await welcomeFor(database, local, state, device);
    const box = welcome && (await sealWelcome(ask, welcome));
    if (box === undefined) return;
    const { circle } = local.keyring;
    await this.#say(kinds.deviceWelcome, deviceWelcomeSlot(device), deviceWelcomeToBody({ circle, to: device, box }));
  }

  /** OD7: hands content keys to who came later, and takes in what those handed over who came before. */
  async #shareKeys(
    local: LocalCircle,
    asks: readonly Ask[],
    { memberships }: Pairings,
    handed: readonly HandedRecord[]
  ): Promise<void> {
    if (this.#stopped) return;
    const state = await readState(this.#deps.database, local);
    const { circle, device } = local.keyring;
    const asked = await Promise.all(asks.map(({ terms }) => deviceIdOf(terms.keys.sign)));
    await this.#keys.handOver(local, state, newcomersOf(state, device.id, asked), handed);
    // Somebody may be in one circle twice: what is for the one is not for the other.
    const person = personOfDevice(state.roster, device.id);
    const isSame = (by: DeviceId): boolean =>
      memberships.some(
        (each) => each.by === by && each.circle === circle && personOfDevice(state.roster, each.device) === person
      );
    if (person !== undefined && !this.#stopped)
      await this.#keys.takeIn(
        local,
        handed.filter(({ by }) => isSame(by))
      );
  }

  async #say(kind: number, slot: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#stopped) await this.#deps.author.say(this.#own, { kind, slot, body, expMs: null });
  }
}
