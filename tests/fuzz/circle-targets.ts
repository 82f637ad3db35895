/**
 * The circle: invitation links, what is said at the door, statements, the roster.
 */
import { base64UrlToBytes, bytesToBase64Url, concatBytes, utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type DeviceId, type EpochId, type RecordHash } from '../../src/lib/base/ids.ts';
import {
  deriveInvitationKeys,
  invitationToFragment,
  readInvitation,
  type Invitation
} from '../../src/lib/circle/invitation.ts';
import {
  isMembersAnswer,
  makeAsk,
  markAnswer,
  openMessage,
  openWelcome,
  sealMessage,
  sealWelcome,
  type InvitationMessage
} from '../../src/lib/circle/joining.ts';
import { reduceCircle } from '../../src/lib/circle/epochs.ts';
import { epochIdOf, manifestSlot } from '../../src/lib/circle/manifest.ts';
import {
  deviceAskToBody,
  deviceLabelToBody,
  deviceWelcomeToBody,
  membershipToBody,
  readDeviceAsk,
  readDeviceLabel,
  readDeviceWelcome,
  readMembership
} from '../../src/lib/circle/pairing.ts';
import { addDeviceSlot, addPersonSlot, rebindSlot } from '../../src/lib/circle/slots.ts';
import { genesisAuthorKey, readStatement } from '../../src/lib/circle/statements.ts';
import type { JoinAs } from '../../src/lib/circle/transcript.ts';
import * as aead from '../../src/lib/crypto/aead.ts';
import { deviceIdOf } from '../../src/lib/crypto/device.ts';
import { sha256 } from '../../src/lib/crypto/hash.ts';
import { openSealed, sealTo } from '../../src/lib/crypto/hpke.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../src/lib/records/codec.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import { payloadToBytes, type Payload } from '../../src/lib/records/payload.ts';
import { bytesToPayload } from '../../src/lib/records/opened-payload.ts';
import * as scene from './scene.ts';
import { bytesTarget, cborTarget, must, refusedAs, stable, textTarget, type Outcome, type Target } from './target.ts';

const { bo, jo, circle } = scene;
const keys = await deriveInvitationKeys(new Uint8Array(16).fill(1));
const invitation: Invitation = {
  secret: new Uint8Array(16).fill(1),
  circle: circle.id,
  untilMs: 1_773_230_400_000,
  relays: ['wss://relay.example/relay', 'ws://127.0.0.1:4173/relay']
};
const fragments = [
  await invitationToFragment(invitation),
  await invitationToFragment({ ...invitation, relays: [], epoch: circle.keys.epoch, forDevice: true })
] as const;
const linkBodies = fragments.map((fragment) => (base64UrlToBytes(fragment.slice(3)) as Bytes).slice(0, -4));

const terms = {
  circle: circle.id,
  invite: keys.id,
  name: 'Bo',
  keys: bo.secrets.publicKeys,
  nonce: new Uint8Array(16).fill(2)
};
const ask = await makeAsk(bo.device, terms);
const askForDevice = await makeAsk(bo.device, { ...terms, as: 'device' });
const welcome = {
  circle: circle.id,
  epoch: circle.keys.epoch,
  secret: circle.epochSecret,
  generation: 3,
  slot: circle.slotSecret,
  founding: circle.keys.epoch,
  statements: scene.envelopeSamples.slice(-4)
};
const welcomeBox = (await sealWelcome(ask, welcome)) as Bytes;
const marked = await markAnswer(circle.keys, { type: 'closed', to: ask.id, why: 'used' });
const doorMessages: readonly InvitationMessage[] = [
  { type: 'ask', ask },
  { type: 'ask', ask: askForDevice },
  { type: 'welcome', to: ask.id, box: welcomeBox },
  { type: 'closed', to: ask.id, why: 'expired' },
  marked
];
const doorTexts = await Promise.all(doorMessages.map((message) => sealMessage(keys, message, scene.sameNonce)));
const doorPlaintexts = await Promise.all(
  doorTexts.map(
    (text) => aead.open(keys.key, base64UrlToBytes(text) as Bytes, utf8ToBytes(keys.topic)) as Promise<Bytes>
  )
);
const sealAtDoor = async (plaintext: Bytes): Promise<string> =>
  bytesToBase64Url(await aead.seal(keys.key, plaintext, utf8ToBytes(keys.topic), scene.sameNonce));

/** Reads a message at the door, and the mark on it, and writes it again. */
const feedDoor = (plaintext: Bytes): Outcome | Promise<Outcome> =>
  stable(
    async (bytes: Bytes) => {
      const message = await openMessage(keys, circle.id, await sealAtDoor(bytes));
      if (message !== undefined && message.type !== 'ask') {
        must(
          (await isMembersAnswer(circle.keys, message)) === (message.mark !== undefined && isMarkedOne(message)),
          'a mark is a member’s'
        );
      }
      return message;
    },
    async (message: InvitationMessage) => {
      const text = await sealMessage(keys, message, scene.sameNonce);
      return (await aead.open(keys.key, base64UrlToBytes(text) as Bytes, utf8ToBytes(keys.topic))) as Bytes;
    }
  )(plaintext);

const isMarkedOne = (message: InvitationMessage): boolean =>
  message.type === 'closed' &&
  message.why === 'used' &&
  message.to === ask.id &&
  String(message.mark) === String(marked.mark);

const welcomeInfo = utf8ToBytes('shoulder/1 welcome');
const welcomePlaintext = (await openSealed(bo.device.agreeKeys, welcomeBox, welcomeInfo, idToBytes(ask.id))) as Bytes;

const feedLink = async (text: string): Promise<Outcome> => {
  const read = await readInvitation(text);
  if (!read.ok) return refusedAs(read.error.type, 'MangledInvite', 'NewerInvite');
  const again = await readInvitation(await invitationToFragment(read.value));
  must(
    again.ok && JSON.stringify(again.value) === JSON.stringify(read.value),
    'an invitation is written as it was read'
  );
  return 'taken';
};

/** A record with this payload, as `openRecord` hands it over; `prove`: its newcomer signs what it says. */
const feedStatement = async (payloadBytes: Bytes, prove: boolean): Promise<Outcome> => {
  const read = bytesToPayload(payloadBytes);
  if (read === undefined) return 'refused';
  const payload = prove ? { ...read, ...(await proved(read)) } : read;
  const bytes = payloadToBytes(payload);
  const hash = bytesToId<RecordHash>(await sha256(bytes));
  const sign1 = { payload: bytes, signature: new Uint8Array(64) };
  const record = {
    payload,
    hash,
    key: bytesToId<never>(new Uint8Array(16)),
    sign1,
    signed: bytes,
    sealedIn: payload.epoch
  };
  const authorKey = await genesisAuthorKey(record);
  must(authorKey === undefined || (await deviceIdOf(authorKey)) === payload.device, 'a founder is who says it');
  const statement = await readStatement(record);
  if (statement === undefined) return 'refused';
  must(statement.author === payload.device && statement.hash === hash, 'a statement is its author’s');
  reduceCircle([...scene.statements, statement]);
  return 'taken';
};

/** What Jo's device asked for, whatever it is called; or the epoch that a manifest of these terms begins. */
const proved = async ({ kind, body, device }: Payload): Promise<Partial<Payload>> => {
  if (kind === kinds.manifest) {
    const { parent } = body;
    const epoch = parent instanceof Uint8Array && parent.length === 16 ? { epoch: bytesToId<EpochId>(parent) } : {};
    return { slot: manifestSlot(await epochIdOf(circle.id, device, body)), ...epoch };
  }
  const asking = askings.get(kind);
  if (asking === undefined || typeof body.name !== 'string') return {};
  const [slotOf, as] = asking;
  return { slot: slotOf(jo.device.id), body: { ...body, ...(await scene.askedBody(jo, body.name, as)) } };
};

/** Statements that somebody else's device asked for: where they stand, and as whose it asked. */
const askings: ReadonlyMap<number, readonly [(device: DeviceId) => string, JoinAs | undefined]> = new Map([
  [kinds.addPerson, [addPersonSlot, undefined] as const],
  [kinds.addDevice, [addDeviceSlot, 'device'] as const],
  [kinds.rebind, [rebindSlot, 'again'] as const]
]);

/** A body that devices of one person say to each other: how it is read, and how it is written. */
const bodyTarget = <T>(
  name: string,
  value: T,
  read: (body: unknown) => T | undefined | Promise<T | undefined>,
  write: (value: T) => Record<string, unknown>
): Target =>
  cborTarget(
    name,
    20,
    [encodeCbor(write(value))],
    stable(
      (bytes: Bytes) => read(textMapToObject(decodeCbor(bytes))),
      (each: T) => encodeCbor(write(each))
    )
  );

const membership = { circle: circle.id, device: bo.device.id, relays: invitation.relays };
const deviceWelcome = { circle: circle.id, to: bo.device.id, box: welcomeBox };

export const circleTargets: readonly Target[] = [
  textTarget(
    'invitation link',
    40,
    [...fragments, `https://shoulder.example/${fragments[0]}`, `Come in: ${fragments[1]} (a week)`],
    feedLink
  ),
  cborTarget('invitation link, its body', 40, linkBodies, async (body) => {
    const checksum = (await sha256(body)).subarray(0, 4);
    return feedLink(`#i=${bytesToBase64Url(concatBytes(body, checksum))}`);
  }),
  textTarget('door message', 20, doorTexts, async (text) =>
    (await openMessage(keys, circle.id, text)) ? 'taken' : 'refused'
  ),
  cborTarget('door message, its inside', 50, doorPlaintexts, feedDoor),
  bytesTarget('welcome', 1, [welcomeBox], async (box) =>
    (await openWelcome(bo.device, ask, box)) ? 'taken' : 'refused'
  ),
  cborTarget('welcome, its inside', 2, [welcomePlaintext], async (plaintext) => {
    const box = (await sealTo(terms.keys.agree, plaintext, welcomeInfo, idToBytes(ask.id))) as Bytes;
    const opened = await openWelcome(bo.device, ask, box);
    must(opened === undefined || opened.circle === circle.id, 'a welcome is to the circle that was asked for');
    return opened === undefined ? 'refused' : 'taken';
  }),
  cborTarget('statement', 40, scene.statementPayloads, (payload) => feedStatement(payload, false)),
  cborTarget('statement, its proof made anew', 30, scene.statementPayloads, (payload) => feedStatement(payload, true)),
  bodyTarget('membership of an own device', membership, readMembership, membershipToBody),
  bodyTarget('ask of an own device', askForDevice, readDeviceAsk, deviceAskToBody),
  bodyTarget('welcome of an own device', deviceWelcome, readDeviceWelcome, deviceWelcomeToBody),
  bodyTarget('label of an own device', { device: bo.device.id, label: 'Küche' }, readDeviceLabel, deviceLabelToBody)
];
