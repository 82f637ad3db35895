/**
 * Keys of a device that asked another of its person's to let it into a circle: kept wrapped until it is in.
 */
import * as v from 'valibot';
import type { Bytes } from '../base/bytes.ts';
import type { CircleId } from '../base/ids.ts';
import type { DeviceSecrets } from '../crypto/device.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../records/codec.ts';
import type { ShoulderDatabase } from './database.ts';
import type { Vault } from './vault.ts';

const bytes = v.custom<Bytes>((value) => value instanceof Uint8Array);
const secretsShape = v.object({ sign: bytes, agree: bytes, signPublic: bytes, agreePublic: bytes });

const nameOf = (circle: CircleId): string => `device/${circle}`;

export const keepPendingDevice = async (
  database: ShoulderDatabase,
  vault: Vault,
  circle: CircleId,
  { sign, agree, publicKeys }: DeviceSecrets
): Promise<void> => {
  const secrets = encodeCbor({ sign, agree, signPublic: publicKeys.sign, agreePublic: publicKeys.agree });
  const id = nameOf(circle);
  await database.drafts.put({ id, sealed: await vault.wrap(`draft/${id}`, secrets) });
};

/** `undefined` where none was kept, or it does not unwrap. */
export const readPendingDevice = async (
  database: ShoulderDatabase,
  vault: Vault,
  circle: CircleId
): Promise<DeviceSecrets | undefined> => {
  const id = nameOf(circle);
  const row = await database.drafts.get(id);
  const opened = row === undefined ? undefined : await vault.unwrap(`draft/${id}`, row.sealed);
  const parsed = v.safeParse(secretsShape, opened === undefined ? undefined : textMapToObject(decodeCbor(opened)));
  if (!parsed.success) return undefined;
  const { sign, agree, signPublic, agreePublic } = parsed.output;
  return { sign, agree, publicKeys: { sign: signPublic, agree: agreePublic } };
};

export const forgetPendingDevice = (database: ShoulderDatabase, circle: CircleId): Promise<void> =>
  database.drafts.delete(nameOf(circle));
