/**
 * Inviting a friend, asking to join, and answering who asks.
 */
import { assert } from '../../base/assert.ts';
import { idToBytes, type InviteId, type PersonId } from '../../base/ids.ts';
import { inviteLifetimeMs, inviteSecretBytes } from '../../base/limits.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { deriveInvitationKeys, invitationToFragment, type Invitation } from '../../circle/invitation.ts';
import { askToStatement, type Ask } from '../../circle/joining.ts';
import { mayInvite } from '../../circle/roster.ts';
import { addDeviceSlot, addPersonSlot, rebindSlot } from '../../circle/slots.ts';
import { askNonceBytes, type JoinAs } from '../../circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets } from '../../crypto/device.ts';
import { mapKeyOf } from '../../records/epoch-keys.ts';
import { kinds } from '../../records/kinds.ts';
import type { SayError } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { toStorageError, type StorageError } from '../../store/database.ts';
import { rowsOfKind } from '../../store/held-rows.ts';
import { wrapJoining } from '../../store/joinings.ts';
import { readRoster } from '../../store/rosters.ts';
import type { Shoulder } from '../shoulder.ts';
import { readRoutes } from './routes.ts';

/**
 * A link for one friend, seven days long. It is a record of the circle, so any member's device can open the door.
 * `CircleFull` where there are twelve already; `NoRelay` where the circle chose to use none: a link leads to a relay, where
 * whoever opens it and whoever is in find each other.
 */
export const inviteFriend = async (
  app: Shoulder,
  circle: LocalCircle,
  base: URL
): Promise<Result<string, SayError | { readonly type: 'CircleFull' } | { readonly type: 'NoRelay' }>> => {
  if (!mayInvite(await readRoster(app.database, circle))) return err({ type: 'CircleFull' });
  const { chosen, relays } = await readRoutes(app, circle, base);
  if (chosen?.length === 0) return err({ type: 'NoRelay' });
  const secret = app.random.bytes(inviteSecretBytes);
  const untilMs = app.clock.nowMs() + inviteLifetimeMs;
  const { id } = await deriveInvitationKeys(secret);
  const said = await app.author.say(circle, {
    kind: kinds.invite,
    slot: `invite/${id}`,
    body: { secret },
    expMs: untilMs
  });
  if (!said.ok) return said;
  const fragment = await invitationToFragment({ ...placeOf(circle), secret, untilMs, relays });
  return ok(new URL(`join${fragment}`, base).href);
};

/**
 * A link for another device of one's own: it leads into one's own circle, and from there into all others (`own-devices.ts` in
 * `sync`). Errors as above.
 */
export const inviteOwnDevice = async (
  app: Shoulder,
  circle: LocalCircle,
  base: URL
): Promise<Result<string, SayError | { readonly type: 'NoRelay' }>> => {
  assert(circle.keyring.own, "another device comes in by one's own circle");
  const { relays } = await readRoutes(app, circle, base);
  if (relays.length === 0) return err({ type: 'NoRelay' });
  const secret = app.random.bytes(inviteSecretBytes);
  const untilMs = app.clock.nowMs() + inviteLifetimeMs;
  const { id } = await deriveInvitationKeys(secret);
  // From now on there may be somebody to talk to in it.
  await app.database.circles.update(circle.n, { devices: 2 });
  const said = await app.author.say(circle, {
    kind: kinds.invite,
    slot: `invite/${id}`,
    body: { secret },
    expMs: untilMs
  });
  if (!said.ok) return said;
  const fragment = await invitationToFragment({ ...placeOf(circle), secret, untilMs, relays, forDevice: true });
  return ok(new URL(`join${fragment}`, base).href);
};

/** Where a link made now leads. */
const placeOf = ({ keyring }: LocalCircle): Pick<Invitation, 'circle' | 'epoch'> => {
  const { circle, current, founding } = keyring;
  return current.epoch === founding ? { circle } : { circle, epoch: current.epoch };
};

/**
 * Asks to be let in; the request goes on until it is answered, also after a reload. `name`: of a device of one's own, what it is. `as`:
 * as `JoinTerms` has it.
 */
export const askToJoin = async (
  app: Shoulder,
  invitation: Invitation,
  name: string,
  as?: JoinAs
): Promise<Result<void, StorageError>> => {
  const { id } = await deriveInvitationKeys(invitation.secret);
  if ((await app.database.joinings.get(id))?.state === 'asking') return ok(undefined);
  const device = await generateDeviceSecrets();
  const joining = { invitation, name, device, nonce: app.random.bytes(askNonceBytes) };
  const sealed = await wrapJoining(app.vault, id, as === undefined ? joining : { ...joining, as });
  try {
    await app.database.joinings.put({ id, sealed, state: 'asking' });
    return ok(undefined);
  } catch (error) {
    return err(toStorageError(error));
  }
};

/**
 * "Yes, that's …": states that this person is in, or this device of one's own. Whoever keeps the desk then sends the welcome. For
 * somebody who asks to be let in again (`as` is `again`), `vouchFor` is the command.
 */
export const letIn = async (
  app: Shoulder,
  circle: LocalCircle,
  { terms, proof }: Ask
): Promise<Result<void, SayError>> => {
  const device = await deviceIdOf(terms.keys.sign);
  const { usedInvites, devicesById } = await readRoster(app.database, circle);
  if (usedInvites.has(terms.invite) || devicesById.has(device)) return ok(undefined);
  const isDevice = terms.as === 'device';
  // A device of one's own comes in by one's own circle and nowhere else.
  if (terms.as === 'again' || isDevice !== circle.keyring.own) return ok(undefined);
  const place = isDevice
    ? { kind: kinds.addDevice, slot: addDeviceSlot(device) }
    : { kind: kinds.addPerson, slot: addPersonSlot(device) };
  const said = await app.author.say(circle, { ...place, body: askToStatement({ terms, proof }), expMs: null });
  return said.ok ? ok(undefined) : said;
};

/** "Yes, that's Ana's new phone": one voice for it; most of the others have to say so. */
export const vouchFor = async (
  app: Shoulder,
  circle: LocalCircle,
  { terms, proof }: Ask,
  person: PersonId
): Promise<Result<void, SayError>> => {
  const device = await deviceIdOf(terms.keys.sign);
  const slot = rebindSlot(device);
  const kept = await rowsOfKind(app.database, circle.n, kinds.rebind);
  const key = await mapKeyOf(circle.keyring.current, circle.keyring.device.id, slot);
  if (kept.some((row) => row.key === key)) return ok(undefined);
  const body = { ...askToStatement({ terms, proof }), person: idToBytes(person) };
  const said = await app.author.say(circle, { kind: kinds.rebind, slot, body, expMs: null });
  return said.ok ? ok(undefined) : said;
};

/** "No, that's someone else": this request is closed; the link stays open for the right one. */
export const turnAway = async (app: Shoulder, circle: LocalCircle, ask: Ask): Promise<void> => {
  await app.database.asks.update([circle.n, ask.id], { state: 'refused' });
};

/** Stops asking on a link, and forgets it. */
export const stopAsking = async (app: Shoulder, invite: InviteId): Promise<void> => {
  await app.database.joinings.delete(invite);
};
