/**
 * What a connected peer sends: frames on a data channel, and the messages they make.
 */
import * as Y from 'yjs';
import type { Bytes } from '../../src/lib/base/bytes.ts';
import { FrameAssembler, framesOf } from '../../src/lib/sync/frame.ts';
import { FramedChannel, type RawChannel } from '../../src/lib/sync/framed-channel.ts';
import { bytesToPeerMessage } from '../../src/lib/sync/peer-message.ts';
import { Replica } from '../../src/lib/sync/replica.ts';
import { Chance, hashOf } from './chance.ts';
import * as scene from './scene.ts';
import { bytesTarget, must, mustEqual, refusedAs, scriptTarget, valueOf, type Outcome, type Target } from './target.ts';

const frameBytes = 16;
const feedFrames = (script: Bytes): Outcome => {
  const chance = new Chance(hashOf(script));
  const assembler = new FrameAssembler(frameBytes, 200);
  let wanted: Bytes | undefined;
  let taken = false;
  for (let i = chance.below(12); i >= 0; i--) {
    const isFair = chance.oneIn(2);
    wanted = isFair ? chance.bytes(1 + chance.below(210)) : undefined;
    if (isFair) assembler.clear();
    for (const frame of wanted === undefined ? [oddFrame(chance)] : framesOf(wanted, frameBytes)) {
      const message = valueOf(assembler.add(frame), 'FrameMalformed', 'MessageTooLarge');
      if (message === undefined) continue;
      must(message.length > 0 && message.length <= 200, 'a message is of a lawful length');
      if (wanted !== undefined) mustEqual(message, wanted, 'frames give the message they were made of');
      taken = true;
    }
  }
  return taken ? 'taken' : 'refused';
};

const oddFrame = (chance: Chance): Bytes => {
  const frame = chance.bytes(chance.pick([0, 1, 2, frameBytes - 1, frameBytes, frameBytes + 1]));
  if (frame.length > 0) frame[0] = chance.pick([0, 0, 1, 2, 255]);
  return frame;
};

/** A peer's channel: it hears whole messages, or closes once and is silent. */
const feedChannel = (script: Bytes): Outcome => {
  const chance = new Chance(hashOf(script));
  let closed = 0;
  const refusals: string[] = [];
  const raw: RawChannel = {
    ...{ label: '', readyState: 'open', bufferedAmount: 0, bufferedAmountLowThreshold: 0, binaryType: 'arraybuffer' },
    ...{ onopen: null, onclose: null, onerror: null, onmessage: null, onbufferedamountlow: null },
    close: () => void closed++,
    send: () => undefined
  };
  const channel = new FramedChannel(raw, ({ type }) => void refusals.push(type));
  let heard = 0;
  channel.onmessage = () => {
    must(closed === 0, 'a channel that was closed is silent');
    heard++;
  };
  const parts: unknown[] = ['text', null, undefined, new Blob([]), 7, new Uint8Array(2)];
  for (let i = chance.below(10); i >= 0; i--) {
    const whole = [...framesOf(chance.bytes(1 + chance.below(300)))].map((frame) => frame.buffer);
    const data = chance.oneIn(8) ? chance.pick(parts) : chance.oneIn(4) ? oddFrame(chance).buffer : chance.pick(whole);
    raw.onmessage?.call(raw as unknown as RTCDataChannel, { data } as MessageEvent);
  }
  must(refusals.length === closed && closed <= 1, 'it is closed once, with a reason');
  for (const type of refusals) refusedAs(type, 'FrameMalformed', 'MessageTooLarge');
  return heard > 0 ? 'taken' : 'refused';
};

const feedPeerMessage = (bytes: Bytes): Outcome => {
  const message = bytesToPeerMessage(bytes);
  if (message === undefined) return 'refused';
  if (!('update' in message)) return 'taken';
  mustEqual(
    message.update,
    bytes.subarray(bytes.length - message.update.length),
    'an update is the rest of its message'
  );
  const [type, kind, length] = numbersIn(bytes);
  must(type === 0 && (kind === 1 || kind === 2) && length === message.update.length, 'and as long as it says');
  return 'taken';
};

const entries = scene.statementRecords.slice(0, 3).map(({ key, envelope }) => [key, envelope] as const);
/** A document whose writes are the same in every run: Yjs names its author by chance. */
const documentOf = (author: number): Y.Doc => {
  const doc = new Y.Doc();
  doc.clientID = author;
  return doc;
};

const updateSamples = [1, 2, 3].map((n): Bytes => {
  const replica = new Replica(documentOf(n));
  for (const entry of entries.slice(0, n)) replica.put([entry]);
  replica.put(entries.slice(0, 1));
  if (n === 3) replica.remove([entries[2]?.[0] ?? '']);
  return new Uint8Array(Y.encodeStateAsUpdate(replica.doc));
});

/** A peer's update, as `PeerLinks` applies it: whatever it did to the document, what we write there can be read, and handed on. */
const feedUpdate = (update: Bytes): Outcome => {
  const replica = new Replica(documentOf(0x7fff_0009));
  let heard = 0;
  replica.listen((changed, removed) => void (heard += changed.length + removed.length));
  const isApplied = applies(replica, update);
  for (const key of replica.keys()) replica.get(key);
  replica.remove(replica.strayKeys());
  replica.put(entries);
  for (const [key, envelope] of entries) {
    const found = replica.get(key);
    must(found !== undefined, 'what was put there is there');
    mustEqual(found, envelope, 'as it was put');
  }
  must(
    typeof replica.isStuck() === 'boolean' && Y.encodeStateAsUpdate(replica.doc).length > 0,
    'and it can be handed on'
  );
  return isApplied && heard > 0 ? 'taken' : 'refused';
};

/** Yjs throws plain errors on what is no update; where it is applied, that is how it is caught. */
const applies = ({ doc }: Replica, update: Bytes): boolean => {
  try {
    Y.applyUpdate(doc, update);
    return true;
  } catch (error) {
    must(error instanceof Error, 'what Yjs throws is an error');
    return false;
  }
};

/** The first three numbers of a message, by the plainest reading of LEB128. */
const numbersIn = (bytes: Bytes): number[] => {
  const numbers: number[] = [];
  for (let at = 0; numbers.length < 3 && at < bytes.length; at++) {
    let [value, shift] = [0, 1];
    for (; (bytes[at] ?? 0) >= 0x80; at++, shift *= 128) value += ((bytes[at] ?? 0) - 0x80) * shift;
    numbers.push(value + (bytes[at] ?? 0) * shift);
  }
  return numbers;
};

export const channelTargets: readonly Target[] = [
  bytesTarget('replica update', 20, updateSamples, feedUpdate),
  scriptTarget('frames', 40, feedFrames),
  scriptTarget('framed channel', 40, feedChannel),
  bytesTarget(
    'peer message',
    60,
    [
      Uint8Array.of(0, 0, 1, 0),
      Uint8Array.of(0, 1, 2, 8, 9),
      Uint8Array.of(0, 2, 1, 7),
      Uint8Array.of(1, 0),
      Uint8Array.of(4, 1, 2)
    ],
    feedPeerMessage
  )
];
