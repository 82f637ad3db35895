/**
 * Several transports as one: what is published goes out by all of them, and what comes in by any is heard once, so that
 * any relay of a circle may fail, lie or be slow and the others still bring friends together (docs/protocol.md RT4).
 */
import type { Topic } from '../base/ids.ts';
import type { SignalTransport } from './signal-transport.ts';

/** How many of the latest messages are remembered, so that a copy by another way is not heard again. A sender's own repetitions are. */
const heardMax = 64;

/** Reachable while any of them is. None at all is a transport that is never reachable. */
export const createSignalFan = (transports: readonly SignalTransport[]): SignalTransport => {
  // Whole texts, not their beginnings: a relay that mangles a copy must not keep the true one from being heard.
  const heardFrom = new Map<string, SignalTransport>();
  const isCopy = (transport: SignalTransport, topic: Topic, data: string): boolean => {
    const message = `${topic} ${data}`;
    const first = heardFrom.get(message);
    if (first !== undefined) return first !== transport;
    heardFrom.set(message, transport);
    if (heardFrom.size > heardMax) heardFrom.delete(heardFrom.keys().next().value as string);
    return false;
  };
  return {
    id: transports.map(({ id }) => id).join(' '),
    trickle: transports.every(({ trickle }) => trickle),
    maxBytes: Math.min(...transports.map(({ maxBytes }) => maxBytes)),
    open: ({ onMessage, onStatus }) => {
      const reachable = new Set<SignalTransport>();
      transports.forEach((transport) =>
        transport.open({
          onMessage: (topic, data) => {
            if (!isCopy(transport, topic, data)) onMessage(topic, data);
          },
          onStatus: (connected) => {
            const before = reachable.size > 0;
            if (connected) reachable.add(transport);
            else reachable.delete(transport);
            if (before !== reachable.size > 0) onStatus(!before);
          }
        })
      );
    },
    subscribe: (topics) => transports.forEach((transport) => transport.subscribe(topics)),
    unsubscribe: (topics) => transports.forEach((transport) => transport.unsubscribe(topics)),
    publish: async (topic, data) => {
      await Promise.all(transports.map((transport) => transport.publish(topic, data)));
    },
    close: () => transports.forEach((transport) => transport.close())
  };
};
