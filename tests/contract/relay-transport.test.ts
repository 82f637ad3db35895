/** The relay adapter over the real relay, on loopback. */
import { systemClock } from '../../src/lib/base/clock.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createRelayTransport } from '../../src/lib/sync/relay-transport.ts';
import { startServer } from '../../src/relay/server.ts';
import { describeSignalTransport } from './signal-transport.ts';

describeSignalTransport('relay', async () => {
  let server = await startServer({ host: '127.0.0.1', port: 0 });
  const { port, relayUrl } = server;
  return {
    createTransport: () => createRelayTransport({ url: relayUrl, clock: systemClock, random: systemRandom }),
    stop: () => server.close(),
    start: async () => {
      server = await startServer({ host: '127.0.0.1', port });
    },
    close: () => server.close()
  };
});
