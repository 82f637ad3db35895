/**
 * "Only my own network": whether this device speaks to nothing but its own network and the host that the app came from.
 *
 * A setting that is no secret and never leaves the device. Each function throws what the disk throws.
 */
import type { ShoulderDatabase } from '../store/database.ts';

const setting = 'own-network-only';

/** It is not, until somebody turns it on. */
export const isOwnNetworkOnly = async (database: ShoulderDatabase): Promise<boolean> =>
  (await database.settings.get(setting)) !== undefined;

export const setOwnNetworkOnly = async (database: ShoulderDatabase, on: boolean): Promise<void> => {
  if (on) await database.settings.put({ id: setting, value: true });
  else await database.settings.delete(setting);
};
