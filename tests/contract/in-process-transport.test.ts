/** The in-process network is held to the same contract as the adapters it stands in for. */
import { systemClock } from '../../src/lib/base/clock.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { createInProcessNetwork, type NetworkConditions } from './in-process-transport.ts';
import { describeSignalTransport, type SignalNetwork } from './signal-transport.ts';

const createNetwork = async (conditions: Partial<NetworkConditions> = {}): Promise<SignalNetwork> => {
  const network = createInProcessNetwork({ clock: systemClock, random: systemRandom, conditions });
  return {
    createTransport: () => network.createTransport(),
    stop: async () => network.setUp(false),
    start: async () => network.setUp(true),
    close: async () => network.setUp(false)
  };
};

describeSignalTransport('in process', () => createNetwork());
