/**
 * Puppets: devices of people who never were, which a traitor lets in, has vote, and passes off as somebody else's.
 */
import { bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import { idToBytes, type InviteId, type PersonId } from '../../../src/lib/base/ids.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import { addDeviceSlot, addPersonSlot, rebindSlot, voteSlot } from '../../../src/lib/circle/slots.ts';
import { generateDeviceSecrets, importDevice, type DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { withSeededKeys } from '../crypto/seeded-keys.ts';
import type { Foothold } from './foothold.ts';

/** Lets in somebody who never was, in any epoch that it knows, dated as it likes. */
export const addPuppet = async (foothold: Foothold): Promise<DeviceIdentity> => {
  const { random, onKeys } = foothold.deps;
  const [known] = foothold.puppets;
  if (known !== undefined) return known;
  const device = await importDevice(
    await withSeededKeys(random.fork(`puppet ${foothold.puppets.length}`), () => generateDeviceSecrets())
  );
  onKeys(device);
  const body = await askedBody(foothold, device);
  await foothold.say({ kind: kinds.addPerson, slot: addPersonSlot(device.id), ver: 1, body });
  foothold.puppets.push(device);
  return device;
};

/** All its puppets say that somebody should go. */
export const puppetVotes = async (foothold: Foothold): Promise<void> => {
  const target = foothold.anybody();
  for (const puppet of foothold.puppets) {
    if (target !== undefined) foothold.deps.onVote(target, puppet.id as string as PersonId);
    if (target !== undefined)
      await foothold.say(
        { kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { person: idToBytes(target) } },
        puppet
      );
  }
};

/** Vouches, by itself and by its puppets, that a device of its own is somebody else's. */
export const rebindToSelf = async (foothold: Foothold): Promise<void> => {
  const victim = foothold.anybody();
  const { random, onKeys } = foothold.deps;
  if (victim === undefined) return;
  const device = await importDevice(
    await withSeededKeys(random.fork(`rebind ${foothold.nextSeq()}`), () => generateDeviceSecrets())
  );
  onKeys(device);
  const body = { ...(await askedBody(foothold, device, 'again')), person: idToBytes(victim) };
  for (const by of [foothold.keyring.device, ...foothold.puppets])
    await foothold.say({ kind: kinds.rebind, slot: rebindSlot(device.id), ver: 1, body }, by);
};

/** Takes off devices that are not its person's, and adds one to somebody else. */
export const revokeOthers = async (foothold: Foothold): Promise<void> => {
  const target = foothold.random.pick([...foothold.state().roster.devicesById.keys()]);
  if (target === undefined || target === foothold.keyring.device.id) return;
  const own = foothold.state().roster.devicesById.get(foothold.keyring.device.id)?.person;
  if (foothold.state().roster.devicesById.get(target)?.person === own) return;
  await foothold.say({ kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { device: idToBytes(target) } });
  const [puppet] = foothold.puppets;
  if (puppet !== undefined)
    await foothold.say({
      kind: kinds.addDevice,
      slot: addDeviceSlot(puppet.id),
      ver: 1,
      body: await askedBody(foothold, puppet, 'device')
    });
};

const askedBody = async (
  foothold: Foothold,
  device: DeviceIdentity,
  as?: 'device' | 'again'
): Promise<Record<string, unknown>> => {
  const { random } = foothold.deps;
  const terms = {
    circle: foothold.keyring.circle,
    invite: bytesToBase64Url(random.bytes(16)) as InviteId,
    name: 'Nobody',
    keys: device.publicKeys,
    nonce: random.bytes(16),
    ...(as === undefined ? {} : { as })
  };
  const { proof } = await makeAsk(device, terms);
  return { invite: idToBytes(terms.invite), name: terms.name, nonce: terms.nonce, proof, ...device.publicKeys };
};
