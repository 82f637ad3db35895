/**
 * Bringing a person's devices into all of their circles, by records in their own one (docs/protocol.md OD1–OD4).
 *
 * Whoever is in a circle says so there; a device that is not asks; any that is lets it in and leaves the welcome. No tap is needed: in
 * one's own circle there is nobody else. It watches the disk, so it works by whatever route the records come.
 */
import { bytesToId, idBytesLength, type InviteId } from '../base/ids.ts';
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
import { isIn } from '../circle/roster.ts';
import { addDeviceSlot } from '../circle/slots.ts';
import { askNonceBytes } from '../circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets, importDevice } from '../crypto/device.ts';
import { kinds } from '../records/kinds.ts';
import type { Author } from '../store/author.ts';
import type { LocalCircle } from '../store/circles.ts';
import { statementRows } from '../store/held-rows.ts';
import { forgetPendingDevice, keepPendingDevice, readPendingDevice } from '../store/pending-devices.ts';
import { openPairings, queryPairings, type Pairings } from '../store/pairings.ts';
import { readState } from '../store/rosters.ts';
import type { Vault } from '../store/vault.ts';
import { watch, type Watch } from '../store/watch.ts';
import { enterCircle, type EnteringDependencies } from './entering.ts';
import { welcomeFor } from './welcoming.ts';

export interface OwnDevicesDependencies extends EnteringDependencies {
  readonly vault: Vault;
  readonly author: Author;
}

export class OwnDevices {
  readonly #deps: OwnDevicesDependencies;
  readonly #own: LocalCircle;
  #watch: Watch | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(deps: OwnDevicesDependencies, own: LocalCircle) {
    this.#deps = deps;
    this.#own = own;
  }

  start(): void {
    const { database } = this.#deps;
    this.#watch = watch(
      async () => {
        const circles = await database.circles.toArray();
        // Whoever came in elsewhere, or is out there, is seen by the statements of that circle.
        await Promise.all(circles.map(({ n }) => statementRows(database, n)));
        return queryPairings(database, this.#own.n);
      },
      () => {
        this.#queue = this.#queue.catch(() => undefined).then(() => (this.#stopped ? undefined : this.#evaluate()));
      }
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.unsubscribe();
  }

  async idle(): Promise<void> {
    await this.#queue.catch(() => undefined); // reported when it failed
  }

  async #evaluate(): Promise<void> {
    const { database, circles } = this.#deps;
    await this.#own.refresh();
    const { roster } = await readState(database, this.#own);
    const me = this.#own.keyring.device.id;
    if (!isIn(roster, me)) return;
    // As it is now, not as it was when the watch saw it: this device may have asked meanwhile, and must not ask with other keys.
    const said = await openPairings(this.#own, roster, await queryPairings(database, this.#own.n));
    const label = roster.devicesById.get(me)?.label ?? '';
    for (const circle of await circles.all()) {
      if (circle.keyring.own || this.#stopped) continue;
      await this.#tellOf(circle, said);
      for (const ask of said.asks.filter(({ terms, by }) => by !== me && terms.circle === circle.keyring.circle))
        await this.#letIn(circle, ask, said);
    }
    for (const membership of said.memberships.filter(({ by }) => by !== me)) await this.#wish(membership, label, said);
  }

  /** OD1: says that this device is in a circle, once. */
  async #tellOf({ keyring }: LocalCircle, { memberships }: Pairings): Promise<void> {
    const { circle, device, relays } = keyring;
    const by = this.#own.keyring.device.id;
    if (memberships.some((membership) => membership.circle === circle && membership.by === by)) return;
    const body = membershipToBody({ circle, device: device.id, relays });
    await this.#say(kinds.membership, membershipSlot(circle), body);
  }

  /** OD2: asks to be in a circle that another device is in; or comes in, where it has been welcomed. */
  async #wish({ circle, relays }: Membership, label: string, { asks, welcomes }: Pairings): Promise<void> {
    const { database, circles, vault, random } = this.#deps;
    if ((await circles.byId(circle)) !== undefined || this.#stopped) return;
    const me = this.#own.keyring.device.id;
    const asked = asks.find((ask) => ask.by === me && ask.terms.circle === circle);
    if (asked === undefined) {
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
    const device = await readPendingDevice(database, vault, circle);
    if (device === undefined) return;
    const open = await importDevice(device);
    for (const { box } of welcomes.filter(({ to }) => to === open.id)) {
      const welcome = await openWelcome(open, asked, box);
      if (welcome === undefined) continue;
      // One's own device vouches for the epoch by sealing its welcome in one's own circle.
      const entrance = { device, epoch: welcome.epoch, relays, own: false };
      if ((await enterCircle(this.#deps, welcome, entrance, () => forgetPendingDevice(database, circle))) !== undefined)
        return;
    }
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

  async #say(kind: number, slot: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#stopped) await this.#deps.author.say(this.#own, { kind, slot, body, expMs: null });
  }
}
