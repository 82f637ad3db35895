/**
 * The vectors of protocol version 1: what `protocol-v1.json` was written from, once.
 *
 * Everything here is given: keys, nonces, times. So the same bytes come out on every machine and for ever; where they
 * no longer do, the wire format has changed and old friends can no longer read it.
 */
import { bytesToHex, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId, type EpochId, type InviteId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveInvitationKeys, invitationToFragment } from '../../../src/lib/circle/invitation.ts';
import { makeAsk, sealMessage, type Ask, type Welcome } from '../../../src/lib/circle/joining.ts';
import { sixWordsOf } from '../../../src/lib/circle/six-words.ts';
import { circleIdOf } from '../../../src/lib/circle/circle-id.ts';
import { addPersonSlot, genesisSlot } from '../../../src/lib/circle/slots.ts';
import { joinTranscript } from '../../../src/lib/circle/transcript.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import {
  commitmentOf,
  deriveEpochKeys,
  lighthouseSecretOf,
  mapKeyOf,
  noticeKeys,
  slotSecretOf
} from '../../../src/lib/records/epoch-keys.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { ackToBody, ledgerToBody, makeLedger } from '../../../src/lib/records/ledger.ts';
import { payloadToBytes, type Payload } from '../../../src/lib/records/payload.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { sealAgain } from '../../../src/lib/records/opened-record.ts';
import { signSign1 } from '../../../src/lib/records/sign1.ts';
import { hex, knownSecrets } from '../crypto/known-device.ts';
import { foundingKeys } from '../records/founding-keys.ts';

const filled = (byte: number, length: number): Bytes => new Uint8Array(length).fill(byte);
/** Nonces of AES-GCM in these vectors. */
const fixedNonce = { bytes: (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i) };

/** Ana has the keys of RFC 8032 TEST 1 and RFC 7748's Alice, Bo those of TEST 2 and of its Bob. */
export const vectorSecrets = () =>
  Promise.all([
    knownSecrets(
      hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
      hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a')
    ),
    knownSecrets(
      hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
      hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')
    )
  ]);

/** Ana's welcome to Bo, as it comes out of its box; the box itself is another each time. */
export const vectorWelcome = async (): Promise<{ readonly ask: Ask; readonly welcome: Welcome }> => {
  const [, boSecrets] = await vectorSecrets();
  const { ids, invitation, records, epochs } = await makeVectors();
  const circle = bytesToId<CircleId>(hex(ids.circle));
  const invite = bytesToId<InviteId>(hex(invitation.id));
  const ask = await makeAsk(await importDevice(boSecrets), {
    ...{ circle, invite, name: 'Bo', keys: boSecrets.publicKeys, nonce: filled(0x55, 16) }
  });
  const epoch = bytesToId<EpochId>(filled(0x22, 16));
  const statements = [records['genesis'], records['addPerson']].map((record) => hex(record?.envelope ?? ''));
  const welcome = { circle, epoch, secret: filled(0x33, 32), generation: 0, founding: epoch };
  return { ask, welcome: { ...welcome, slot: hex(epochs.slot), statements } };
};

/** Every vector by name, bytes as hex. The welcome is not among them: HPKE makes a new one each time. */
export const makeVectors = async () => {
  const [anaSecrets, boSecrets] = await vectorSecrets();
  const [ana, bo] = await Promise.all([importDevice(anaSecrets), importDevice(boSecrets)]);
  const circle = await circleIdOf(ana.publicKeys.sign, filled(0x11, 16));
  const keys = await foundingKeys(circle, bytesToId<EpochId>(filled(0x22, 16)), filled(0x33, 32));
  const invitation = {
    secret: filled(0x44, 16),
    circle,
    untilMs: 1_773_230_400_000,
    relays: ['wss://relay.example/relay']
  };
  const invitationKeys = await deriveInvitationKeys(invitation.secret);
  const terms = { circle, invite: invitationKeys.id, name: 'Bo', keys: bo.publicKeys, nonce: filled(0x55, 16) };
  const ask = await makeAsk(bo, terms);

  const common = {
    circle,
    epoch: keys.epoch,
    device: ana.id,
    time: { ms: 1_772_625_600_000, count: 1 },
    ver: 1,
    expMs: null
  };
  const payloads: Record<string, Payload> = {
    genesis: {
      ...common,
      ...{ seq: 1, slot: genesisSlot, kind: kinds.manifest },
      body: { parent: null, nonce: filled(0x11, 16), name: 'Us', founder: 'Ana', ...ana.publicKeys }
    },
    addPerson: {
      ...common,
      ...{ seq: 2, slot: addPersonSlot(bo.id), kind: kinds.addPerson },
      body: { invite: idToBytes(terms.invite), name: 'Bo', nonce: terms.nonce, proof: ask.proof, ...bo.publicKeys }
    },
    leave: { ...common, seq: 3, slot: 'roster/leave', kind: kinds.leave, body: {} },
    checkIn: {
      ...common,
      ...{ seq: 4, slot: 'now', ver: 2, kind: kinds.checkIn },
      body: {
        id: filled(0x66, 16),
        point: [-40, 15],
        feelings: ['worn out', 'tender'],
        words: 'Not fine. ☂',
        help: 'hear-me',
        lasting: 'next',
        said: 1_772_625_500_000
      }
    },
    invite: {
      ...common,
      ...{ seq: 5, slot: `invite/${terms.invite}`, kind: kinds.invite, expMs: invitation.untilMs },
      body: { secret: invitation.secret }
    },
    gone: { ...common, seq: 6, slot: 'now', ver: 3, kind: kinds.gone, body: {} }
  };
  const records: Record<string, { payload: string; sign1: string; envelope: string; hash: string; mapKey: string }> =
    {};
  const live: { seq: number; hash: Awaited<ReturnType<typeof sealed>>['hash'] }[] = [];
  const sealed = async (payload: Payload) => unwrap(await sealRecord(keys, ana, payload, fixedNonce));
  const record = async (name: string, payload: Payload): Promise<void> => {
    const { envelope, hash, key } = await sealed(payload);
    const sign1 = await signSign1(ana.signKey, payloadToBytes(payload));
    if (payload.seq > 0) live.push({ seq: payload.seq, hash });
    records[name] = {
      payload: bytesToHex(payloadToBytes(payload)),
      sign1: bytesToHex(sign1),
      envelope: bytesToHex(envelope),
      hash: bytesToHex(idToBytes(hash)),
      mapKey: bytesToHex(idToBytes(key))
    };
  };
  for (const [name, payload] of Object.entries(payloads)) await record(name, payload);
  const ledgerBody = ledgerToBody(await makeLedger(live.filter(({ seq }) => seq !== 4)));
  await record('ledger', { ...common, seq: 0, slot: 'ledger', ver: 6, kind: kinds.ledger, body: ledgerBody });
  const ackBody = ackToBody(new Map([[bo.id, 9]]));
  await record('ack', { ...common, seq: 0, slot: 'ack', kind: kinds.ack, body: ackBody });

  const secret = filled(0x33, 32);
  const later = await deriveEpochKeys(
    circle,
    bytesToId<EpochId>(filled(0x77, 16)),
    filled(0x88, 32),
    await slotSecretOf(secret)
  );
  const signed = await signSign1(ana.signKey, payloadToBytes(payloads['checkIn'] as Payload));
  const epochs = {
    slot: bytesToHex(await slotSecretOf(secret)),
    lighthouse: bytesToHex(await lighthouseSecretOf(secret)),
    commit: bytesToHex(await commitmentOf(secret)),
    laterMapKey: bytesToHex(idToBytes(await mapKeyOf(later, ana.id, 'now'))),
    checkInLater: bytesToHex(await sealAgain(later, { signed }, fixedNonce)),
    checkInNotice: bytesToHex(await sealAgain(noticeKeys(keys.lighthouse), { signed }, fixedNonce))
  };

  return {
    epochs,
    ids: {
      circle: bytesToHex(idToBytes(circle)),
      ana: bytesToHex(idToBytes(ana.id)),
      bo: bytesToHex(idToBytes(bo.id)),
      room0: bytesToHex(idToBytes(await roomTopic(keys.lighthouse, 0))),
      room1: bytesToHex(idToBytes(await roomTopic(keys.lighthouse, 1)))
    },
    records,
    ledgerBody: bytesToHex(encodeCbor(ledgerBody)),
    ackBody: bytesToHex(encodeCbor(ackBody)),
    invitation: {
      fragment: await invitationToFragment(invitation),
      id: bytesToHex(idToBytes(invitationKeys.id)),
      topic: bytesToHex(idToBytes(invitationKeys.topic))
    },
    joining: {
      transcript: bytesToHex(joinTranscript(terms)),
      askId: bytesToHex(idToBytes(ask.id)),
      proof: bytesToHex(ask.proof),
      askMessage: await sealMessage(invitationKeys, { type: 'ask', ask }, fixedNonce),
      closedMessage: await sealMessage(invitationKeys, { type: 'closed', to: ask.id, why: 'used' }, fixedNonce),
      sixWords: await sixWordsOf(idToBytes(ask.id))
    }
  };
};
