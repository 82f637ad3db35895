/**
 * The invitation: a secret in a link, and the keys that come from it (docs/protocol.md IN1–IN3, IN10).
 *
 * The link's fragment never reaches a server. It carries the secret, the circle's id and, after the founding one, its epoch's (so
 * that nobody who only saw the link can lead a newcomer into another circle), the day it ends, the circle's routes, whom it is for, and
 * a checksum that tells a mangled link apart.
 */
import * as v from 'valibot';
import { base64UrlToBytes, bytesToBase64Url, concatBytes, equalBytes, type Bytes } from '../base/bytes.ts';
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type CircleId,
  type EpochId,
  type InviteId,
  type Topic
} from '../base/ids.ts';
import { inviteSecretBytes } from '../base/limits.ts';
import { err, ok, type Result } from '../base/result.ts';
import { importAeadKey } from '../crypto/aead.ts';
import { deriveBytes, importRootKey, sha256 } from '../crypto/hash.ts';
import { decodeCbor, encodeCbor } from '../records/codec.ts';
import { deriveMailboxKeys, type MailboxKeys } from '../records/meeting-keys.ts';

export interface Invitation {
  readonly secret: Bytes;
  readonly circle: CircleId;
  /** When it ends, milliseconds since 1970, by the inviter's clock. */
  readonly untilMs: number;
  /** Addresses of the circle's relays, where askers and members meet; a link names at most three. */
  readonly relays: readonly string[];
  /** The epoch it was made in; missing for the founding one. */
  readonly epoch?: EpochId;
  /** It is for another device of whoever made it: a circle of their own. */
  readonly forDevice?: true;
}

export interface InvitationKeys {
  readonly id: InviteId;
  /** Where askers and members meet. */
  readonly topic: Topic;
  /** Seals what they say there. */
  readonly key: CryptoKey;
  /** Where the labels with a parameter come from. */
  readonly root: CryptoKey;
}

export type InviteLinkError = { readonly type: 'MangledInvite' } | { readonly type: 'NewerInvite' };

const linkVersion = 2;
const checksumBytes = 4;
const fragmentMark = '#i=';
const routesMax = 3;
const routeLengthMax = 200;

const relayShape = v.pipe(v.string(), v.maxLength(routeLengthMax), v.regex(/^wss?:\/\//));

const idBytes = v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === idBytesLength);

const linkShape = v.tuple([
  v.literal(linkVersion),
  v.custom<Bytes>((value) => value instanceof Uint8Array && value.length === inviteSecretBytes),
  idBytes,
  v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  v.pipe(v.array(relayShape), v.maxLength(routesMax)),
  v.nullable(idBytes),
  v.boolean()
]);

export const deriveInvitationKeys = async (secret: Bytes): Promise<InvitationKeys> => {
  const root = await importRootKey(secret);
  const [id, topic, key] = await Promise.all([
    deriveBytes(root, 'invite/id', idBytesLength),
    deriveBytes(root, 'invite/topic', idBytesLength),
    deriveBytes(root, 'invite/key', 32).then(importAeadKey)
  ]);
  return { id: bytesToId(id), topic: bytesToId(topic), key, root };
};

/** The keys of this invitation's mailbox on a relay. `url`: an address that `normalRelayUrl` takes. IN10. */
export const inviteMailboxKeys = ({ root }: Pick<InvitationKeys, 'root'>, url: string): Promise<MailboxKeys> =>
  deriveMailboxKeys(root, 'invite/mailbox/', url);

/** The link's fragment, starting with `#i=`. It names the first three of the relays that fit. */
export const invitationToFragment = async (invitation: Invitation): Promise<string> => {
  const body = encodeCbor([
    linkVersion,
    invitation.secret,
    idToBytes(invitation.circle),
    invitation.untilMs,
    invitation.relays.filter((relay) => v.safeParse(relayShape, relay).success).slice(0, routesMax),
    invitation.epoch === undefined ? null : idToBytes(invitation.epoch),
    invitation.forDevice === true
  ]);
  return fragmentMark + bytesToBase64Url(concatBytes(body, await checksum(body)));
};

/**
 * The invitation in a link, a fragment, or a message that contains one; white space that a messenger put in is ignored.
 * Errors: `MangledInvite`, `NewerInvite`.
 */
export const readInvitation = async (text: string): Promise<Result<Invitation, InviteLinkError>> => {
  const start = text.indexOf(fragmentMark);
  const encoded = start < 0 ? '' : (/^[\w\s-]*/.exec(text.slice(start + fragmentMark.length))?.[0] ?? '');
  const invitation =
    (await decodeInvitation(encoded.replace(/\s/g, ''))) ?? (await decodeInvitation(encoded.split(/\s/)[0] ?? ''));
  return invitation ?? err({ type: 'MangledInvite' });
};

const decodeInvitation = async (encoded: string): Promise<Result<Invitation, InviteLinkError> | undefined> => {
  const bytes = base64UrlToBytes(encoded);
  if (bytes === undefined || bytes.length <= checksumBytes) return undefined;
  const body = bytes.subarray(0, -checksumBytes);
  if (!equalBytes(await checksum(body), bytes.subarray(-checksumBytes))) return undefined;
  const decoded = decodeCbor(body);
  if (Array.isArray(decoded) && typeof decoded[0] === 'number' && decoded[0] > linkVersion)
    return err({ type: 'NewerInvite' });
  const parsed = v.safeParse(linkShape, decoded);
  if (!parsed.success) return undefined;
  const [, secret, circle, untilMs, relays, epoch, forDevice] = parsed.output;
  const invitation = { secret, circle: bytesToId<CircleId>(circle), untilMs, relays };
  return ok({
    ...invitation,
    ...(epoch === null ? {} : { epoch: bytesToId<EpochId>(epoch) }),
    ...(forDevice ? { forDevice } : {})
  });
};

const checksum = async (body: Bytes): Promise<Bytes> => (await sha256(body)).subarray(0, checksumBytes);
