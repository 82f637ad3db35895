/** Several relays as one: held to the contract of one, and better than any of them. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createSignalFan } from '../../src/lib/sync/signal-fan.ts';
import type { SignalTransport } from '../../src/lib/sync/signal-transport.ts';
import { createInProcessNetwork, type InProcessNetwork } from './in-process-transport.ts';
import { describeSignalTransport } from './signal-transport.ts';

const createNetworks = (): [InProcessNetwork, InProcessNetwork] => [
  createInProcessNetwork({ clock: systemClock, random: systemRandom }),
  createInProcessNetwork({ clock: systemClock, random: systemRandom })
];

describeSignalTransport('two at once', async () => {
  const networks = createNetworks();
  return {
    createTransport: () => createSignalFan(networks.map((network) => network.createTransport())),
    stop: async () => networks.forEach((network) => network.setUp(false)),
    start: async () => networks.forEach((network) => network.setUp(true)),
    close: async () => networks.forEach((network) => network.setUp(false))
  };
});

describe('[RT4] several relays', () => {
  const room = 'cm9vbS1vZi1hbmEtYW5kLQ' as Topic;

  interface Listener {
    readonly transport: SignalTransport;
    readonly heard: string[];
    readonly statuses: boolean[];
  }

  const listen = (networks: readonly InProcessNetwork[]): Listener => {
    const transport = createSignalFan(networks.map((network) => network.createTransport()));
    const listener: Listener = { transport, heard: [], statuses: [] };
    transport.open({
      onMessage: (_topic, data) => listener.heard.push(data),
      onStatus: (connected) => listener.statuses.push(connected)
    });
    transport.subscribe([room]);
    return listener;
  };
  const aTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

  test('what comes by both is heard once, and by either where the other is gone', async () => {
    const networks = createNetworks();
    const [ana, jo] = [listen(networks), listen(networks)];
    await expect.poll(() => jo.statuses).toEqual([true]);
    await expect.poll(() => ana.statuses).toEqual([true]);
    await ana.transport.publish(room, 'one');
    await expect.poll(() => jo.heard).toEqual(['one']);
    networks[0].setUp(false);
    await ana.transport.publish(room, 'two');
    await expect.poll(() => jo.heard).toEqual(['one', 'two']);
    await aTurn();
    expect(jo.heard).toEqual(['one', 'two']);
    expect(jo.statuses, 'one of two is enough').toEqual([true]);
    networks[1].setUp(false);
    await expect.poll(() => jo.statuses).toEqual([true, false]);
    networks[0].setUp(true);
    await expect.poll(() => jo.statuses).toEqual([true, false, true]);
    [ana, jo].forEach(({ transport }) => transport.close());
  });

  test('a copy that was mangled on one way does not keep the true one from being heard', async () => {
    const networks = createNetworks();
    const jo = listen(networks);
    await expect.poll(() => jo.statuses).toEqual([true]);
    networks[1].inject(room, 'announce: mangled');
    networks[0].inject(room, 'announce: true');
    await expect.poll(() => jo.heard).toEqual(['announce: mangled', 'announce: true']);
    jo.transport.close();
  });

  test('with no relay at all nobody is reachable, and saying something harms nothing', async () => {
    const jo = listen([]);
    await jo.transport.publish(room, 'to nobody');
    await aTurn();
    expect(jo.statuses).toEqual([]);
    jo.transport.close();
  });
});
