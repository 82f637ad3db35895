/**
 * Requests this person made to be let in somewhere: kept wrapped, so that a closed tab goes on asking when it is back.
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idToBytes, type EpochId, type InviteId } from '../base/ids.ts';
import { importDevice, type DeviceIdentity, type DeviceSecrets } from '../crypto/device.ts';
import { deriveInvitationKeys, type Invitation, type InvitationKeys } from '../circle/invitation.ts';
import { makeAsk, type Ask } from '../circle/joining.ts';
import type { JoinAs } from '../circle/transcript.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../records/codec.ts';
import type { JoiningRow } from './database.ts';
import type { Vault } from './vault.ts';

/** What is wrapped. */
export interface Joining {
  readonly invitation: Invitation;
  readonly name: string;
  readonly device: DeviceSecrets;
  readonly nonce: Bytes;
  /** As whose device it asks; missing: as somebody new. */
  readonly as?: JoinAs;
}

/** Ready to ask. */
export interface OpenJoining {
  readonly joining: Joining;
  readonly keys: InvitationKeys;
  readonly device: DeviceIdentity;
  readonly ask: Ask;
}

const bytes = v.custom<Bytes>((value) => value instanceof Uint8Array);
const joiningShape = v.object({
  secret: bytes,
  circle: bytes,
  untilMs: v.number(),
  relays: v.array(v.string()),
  epoch: v.optional(bytes),
  forDevice: v.optional(v.literal(true)),
  as: v.optional(v.picklist(['device', 'again'])),
  name: v.string(),
  sign: bytes,
  agree: bytes,
  signPublic: bytes,
  agreePublic: bytes,
  nonce: bytes
});

const purposeOf = (id: InviteId): string => `joining/${id}`;

export const wrapJoining = (
  vault: Vault,
  id: InviteId,
  { invitation, name, device, nonce, as }: Joining
): Promise<Bytes> =>
  vault.wrap(
    purposeOf(id),
    encodeCbor({
      secret: invitation.secret,
      circle: idToBytes(invitation.circle),
      untilMs: invitation.untilMs,
      relays: [...invitation.relays],
      ...(invitation.epoch === undefined ? {} : { epoch: idToBytes(invitation.epoch) }),
      ...(invitation.forDevice === true ? { forDevice: true } : {}),
      ...(as === undefined ? {} : { as }),
      name,
      sign: device.sign,
      agree: device.agree,
      signPublic: device.publicKeys.sign,
      agreePublic: device.publicKeys.agree,
      nonce
    })
  );

/** Unwraps a request and signs it again; the same request every time. */
export const openJoining = async (vault: Vault, row: JoiningRow): Promise<OpenJoining> => {
  const unwrapped = await vault.unwrap(purposeOf(row.id), row.sealed);
  const parsed = v.safeParse(
    joiningShape,
    unwrapped === undefined ? undefined : textMapToObject(decodeCbor(unwrapped))
  );
  if (!parsed.success) throw new Error('invariant broken: a request unwraps with the vault that wrapped it');
  const { secret, circle, untilMs, relays, epoch, forDevice, as } = parsed.output;
  const { name, sign, agree, signPublic, agreePublic, nonce } = parsed.output;
  const invitation: Invitation = {
    ...{ secret, circle: bytesToId(circle), untilMs, relays },
    ...(epoch === undefined ? {} : { epoch: bytesToId<EpochId>(epoch) }),
    ...(forDevice === undefined ? {} : { forDevice })
  };
  const secrets: DeviceSecrets = { sign, agree, publicKeys: { sign: signPublic, agree: agreePublic } };
  const [keys, device] = await Promise.all([deriveInvitationKeys(secret), importDevice(secrets)]);
  const ask = await makeAsk(device, {
    circle: invitation.circle,
    invite: keys.id,
    name,
    keys: device.publicKeys,
    nonce,
    ...(as === undefined ? {} : { as })
  });
  const joining = { invitation, name, device: secrets, nonce, ...(as === undefined ? {} : { as }) };
  return { joining, keys, device, ask };
};
