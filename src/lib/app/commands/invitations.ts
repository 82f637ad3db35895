/**
 * Inviting a friend, asking to join, and answering who asks.
 */
import { idToBytes, type InviteId } from '../../base/ids.ts';
import { inviteLifetimeMs, inviteSecretBytes } from '../../base/limits.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { deriveInvitationKeys, invitationToFragment, type Invitation } from '../../circle/invitation.ts';
import type { Ask } from '../../circle/joining.ts';
import { mayInvite } from '../../circle/roster.ts';
import { addPersonSlot } from '../../circle/statements.ts';
import { askNonceBytes } from '../../circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets } from '../../crypto/device.ts';
import { kinds } from '../../records/kinds.ts';
import type { SayError } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { toStorageError, type StorageError } from '../../store/database.ts';
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
  const fragment = await invitationToFragment({ secret, circle: circle.keyring.circle, untilMs, relays });
  return ok(new URL(`join${fragment}`, base).href);
};

/** Asks to be let in; the request goes on until it is answered, also after a reload. */
export const askToJoin = async (
  app: Shoulder,
  invitation: Invitation,
  name: string
): Promise<Result<void, StorageError>> => {
  const { id } = await deriveInvitationKeys(invitation.secret);
  if ((await app.database.joinings.get(id))?.state === 'asking') return ok(undefined);
  const device = await generateDeviceSecrets();
  const sealed = await wrapJoining(app.vault, id, { invitation, name, device, nonce: app.random.bytes(askNonceBytes) });
  try {
    await app.database.joinings.put({ id, sealed, state: 'asking' });
    return ok(undefined);
  } catch (error) {
    return err(toStorageError(error));
  }
};

/** "Yes, that's …": states that this person is in. Whoever keeps the desk then sends the welcome. */
export const letIn = async (
  app: Shoulder,
  circle: LocalCircle,
  { terms, proof }: Ask
): Promise<Result<void, SayError>> => {
  const device = await deviceIdOf(terms.keys.sign);
  const { usedInvites, devicesById } = await readRoster(app.database, circle);
  if (usedInvites.has(terms.invite) || devicesById.has(device)) return ok(undefined);
  const body = { invite: idToBytes(terms.invite), name: terms.name, nonce: terms.nonce, proof, ...terms.keys };
  const saying = { kind: kinds.addPerson, slot: addPersonSlot(device), body, expMs: null };
  const said = await app.author.say(circle, saying);
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
