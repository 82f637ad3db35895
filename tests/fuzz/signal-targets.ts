/**
 * Finding each other: signals, sealed and veiled, their proofs, and the handshake.
 */
import { bytesToBase64Url, equalBytes, utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import { idToBytes, type Topic } from '../../src/lib/base/ids.ts';
import { signalBytesMax } from '../../src/lib/base/limits.ts';
import * as aead from '../../src/lib/crypto/aead.ts';
import { Handshake } from '../../src/lib/sync/handshake.ts';
import { PeerProver } from '../../src/lib/sync/peer-proof.ts';
import { SignalSealer } from '../../src/lib/sync/sealed-signal.ts';
import {
  bytesToMessage,
  bytesToSignal,
  freshNonce,
  freshPeerId,
  messageToBytes,
  signalToBytes,
  type PeerSignal,
  type SignalMessage
} from '../../src/lib/sync/signal-message.ts';
import type { SignalHandlers, SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { createVeiledTransport } from '../../src/lib/sync/veiled-transport.ts';
import { HandClock } from '../unit/base/hand-clock.ts';
import * as scene from './scene.ts';
import { cborTarget, exact, must, textTarget, valueOf, type Outcome, type Target } from './target.ts';

const topic = 'AAAAAAAAAAAAAAAAAAAAAA' as Topic;
const context = utf8ToBytes('a circle, an epoch');
const [ana, bo] = [scene.ana.device, scene.bo.device];
const peers = [freshPeerId(ana.id, scene.random), freshPeerId(bo.id, scene.random)].sort() as [string, string];
/** Who dials has the lower id. */
const [low, high] = peers;
const [dialler, answerer] = low.startsWith(ana.id) ? [ana, bo] : [bo, ana];
const prover = new PeerProver(dialler, context, topic);
const [n, echo] = [freshNonce(scene.random), freshNonce(scene.random)];
const sdp = ['v=0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=fingerprint:sha-256 00:11', ''].join('\r\n');
const signals: readonly PeerSignal[] = [
  { type: 'offer', sdp },
  { type: 'answer', sdp },
  {
    type: 'candidate',
    candidate: { candidate: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host', sdpMLineIndex: 0, sdpMid: '0' }
  },
  { type: 'candidate', candidate: { candidate: '', sdpMLineIndex: null, sdpMid: null } }
];
const signalSamples = signals.map(signalToBytes);
const proved = await Promise.all(
  (['reply', 'offer', 'answer', 'candidate'] as const).map((type, i) =>
    prover.prove({
      type,
      from: low,
      to: high,
      n,
      echo,
      signal: i === 0 ? new Uint8Array(0) : (signalSamples[i - 1] as Bytes)
    })
  )
);
const messages: readonly SignalMessage[] = [{ type: 'announce', from: low, n }, ...proved];
const messageSamples = messages.map(messageToBytes);
const sealer = () =>
  new SignalSealer({ key: scene.keys.signal, topic, random: scene.sameNonce, textBytesMax: signalBytesMax });
const sealedTexts = await Promise.all(
  messages.map(async (message) => ((await sealer().seal(message)) as { value: string }).value)
);
const signalErrors = ['TooLarge', 'NotOpened', 'Repeated', 'Malformed'];

const feedSealed = async (text: string): Promise<Outcome> => {
  const opener = sealer();
  const message = valueOf(await opener.open(text), ...signalErrors);
  if (message === undefined) return 'refused';
  if (message.type !== 'announce') await prover.isProved(message);
  must(!(await opener.open(text)).ok, 'a box opens once');
  return 'taken';
};

/** A message that opened, its echo as it should be and its proof made anew: the state machine behind all checks. */
const feedHandshake = async (signal: Bytes): Promise<Outcome> => {
  const said: SignalMessage[] = [];
  const done: string[] = [];
  const handshake = new Handshake({
    peerId: high,
    prover: new PeerProver(answerer, context, topic),
    clock: new HandClock(),
    random: scene.random,
    effects: {
      send: (message) => void said.push(message),
      dial: () => void done.push('dial'),
      accept: (_, offer) => {
        must(equalBytes(signalToBytes(offer), signal), 'what is accepted is what was proved');
        done.push('accept');
      },
      signal: () => void done.push('signal'),
      drop: () => void done.push('drop'),
      refuse: ({ type }) => void done.push(type)
    }
  });
  handshake.announce();
  const [announced] = said;
  if (announced?.type !== 'announce') throw new Error('it announces itself');
  await handshake.receive({ type: 'announce', from: low, n });
  for (const type of ['offer', 'candidate', 'answer'] as const) {
    await handshake.receive(await prover.prove({ type, from: low, to: high, n, echo: announced.n, signal }));
  }
  // What it must echo stands in the reply, which is signed a moment later.
  while (said.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const reply = said[1];
  if (reply?.type !== 'reply') throw new Error('it replies');
  await handshake.receive(await prover.prove({ type: 'offer', from: low, to: high, n, echo: reply.n, signal }));
  const isOffer = bytesToSignal(signal)?.type === 'offer';
  must(
    done.includes('accept') === isOffer && done.at(-1) === (isOffer ? 'accept' : 'Malformed'),
    'an offer and nothing else'
  );
  handshake.close();
  return isOffer ? 'taken' : 'refused';
};

/** A veiled route: what is heard through it is what was sealed for it. */
class Route implements SignalTransport {
  readonly id = 'route';
  readonly trickle = false;
  readonly maxBytes = signalBytesMax;
  readonly sent: { readonly topic: Topic; readonly data: string }[] = [];
  readonly heard: string[] = [];
  readonly topics: Topic[] = [];
  handlers: SignalHandlers | undefined;
  #told: () => void = () => undefined;
  open(handlers: SignalHandlers): void {
    this.handlers = handlers;
  }
  subscribe(topics: readonly Topic[]): void {
    this.topics.push(...topics);
    this.#told();
  }
  unsubscribe(): void {}
  async publish(to: Topic, data: string): Promise<void> {
    this.sent.push({ topic: to, data });
  }
  close(): void {}
  /** Resolves once there is a topic, or another thing was heard. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.#told = resolve));
  }
  hear(data: string): void {
    this.heard.push(data);
    this.#told();
  }
}

const route = new Route();
const veiled = createVeiledTransport(route, 'wss://relay.example/relay', scene.random);
veiled.open({ onMessage: (_, data) => route.hear(data), onStatus: () => undefined });
const subscribed = route.changed();
veiled.subscribe([topic]);
await subscribed;
const [name] = route.topics as [Topic];
const veilOf = async (text: string): Promise<string> => {
  await veiled.publish(topic, text);
  return (route.sent.shift() as { data: string }).data;
};
const veiledTexts = await Promise.all(sealedTexts.map(veilOf));
let turn: Promise<unknown> = Promise.resolve();

/** One text after the other, each followed by one that is known to be heard. */
const feedVeil = (data: string): Promise<Outcome> => {
  const fed = turn.then(async (): Promise<Outcome> => {
    const sign = await veilOf('over');
    route.heard.length = 0;
    route.handlers?.onMessage(name, data);
    route.handlers?.onMessage(name, sign);
    while (route.heard.at(-1) !== 'over') await route.changed();
    const [first] = route.heard;
    must(
      route.heard.length === 1 || sealedTexts.includes(first ?? '') || first === 'over',
      'nothing is heard but what was said'
    );
    return route.heard.length > 1 ? 'taken' : 'refused';
  });
  turn = fed.catch(() => undefined);
  return fed;
};

export const signalTargets: readonly Target[] = [
  cborTarget('signal message', 60, messageSamples, exact(bytesToMessage, messageToBytes)),
  cborTarget('peer signal', 60, signalSamples, exact(bytesToSignal, signalToBytes)),
  textTarget('sealed signal', 20, sealedTexts, feedSealed),
  cborTarget('sealed signal, its inside', 40, messageSamples, async (message) => {
    const box = await aead.seal(scene.keys.signal, message, idToBytes(topic), scene.sameNonce);
    return feedSealed(bytesToBase64Url(box));
  }),
  cborTarget('peer proof', 30, messageSamples, async (bytes) => {
    const message = bytesToMessage(bytes);
    if (message === undefined || message.type === 'announce') return 'refused';
    const { key: _, signature: __, ...statement } = message;
    must(
      (await prover.isProved({ ...(await prover.prove(statement)), from: low })) === (statement.from === low),
      'a proof is of all it says'
    );
    return (await prover.isProved(message)) ? 'taken' : 'refused';
  }),
  cborTarget('handshake, its signals', 6, signalSamples, feedHandshake),
  textTarget('veiled signal', 10, veiledTexts, feedVeil)
];
