/** What a locked device keeps so that it can carry: enough to find the others, and nothing that opens anything. */
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/lib/base/result.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { openEnvelope } from '../../../src/lib/records/opened-envelope.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { carrierOf, keepCarriers } from '../../../src/lib/store/carriers.ts';
import { Circles } from '../../../src/lib/store/circles.ts';
import type { CarrierRow } from '../../../src/lib/store/database.ts';
import { FoundedCircle } from '../circle/friends.ts';
import { keysIn, known, lockScene } from './lock-scene.ts';

const scene = async () => {
  const made = await lockScene();
  const [circle] = await new Circles(made.database, made.vault).all();
  const row = circle && (await carrierOf(made.database, circle));
  if (circle === undefined || row === undefined) throw new Error('the scene has a circle with others in it');
  return { ...made, circle, row };
};

describe('[VA9] carrying while locked', () => {
  test('what is kept finds the room and proves the device', async () => {
    const { circle, row } = await scene();
    const { keyring } = circle;
    expect(row).toMatchObject({ circle: circle.n, device: keyring.device.id });
    expect(row, 'it names none').not.toHaveProperty('relays');
    expect(row.topic).toBe(await roomTopic(keyring.current.lighthouse, keyring.generation));
    expect([row.signKey.usages, row.signal.usages]).toEqual([['sign'], ['encrypt', 'decrypt']]);
  });

  test('while it is locked those are the only keys on disk, and none of them can be exported', async () => {
    const { database, vault, lock, row } = await scene();
    unwrap(await lock.set(vault, known, [row]));
    expect(await keysIn(database)).toEqual([
      'carriers.signKey: Ed25519 sign',
      'carriers.signal: AES-GCM encrypt,decrypt'
    ]);
    const [kept] = await database.carriers.toArray();
    expect([kept?.signKey.extractable, kept?.signal.extractable]).toEqual([false, false]);
  });

  test('none of them opens an envelope, whatever is tried', async () => {
    const { row } = await scene();
    const circle = await FoundedCircle.by();
    const { envelope } = await circle.say(circle.founder);
    expect((await openEnvelope(envelope, [circle.keys])).ok).toBe(true);
    const held = Object.values(row).filter((value) => value instanceof CryptoKey);
    expect(held).toHaveLength(2);
    for (const enc of held) {
      const opened = await openEnvelope(envelope, [{ ...circle.keys, enc }]).catch(() => ({ ok: false }));
      expect(opened.ok).toBe(false);
    }
    // Nor by hand: with the right associated data, without any of our code in between.
    const aad = Uint8Array.of(1, ...row.context);
    expect(await aead.open(row.signal, envelope.slice(1), aad)).toBeUndefined();
    expect((await aead.open(circle.keys.enc, envelope.slice(1), aad))?.length).toBeGreaterThan(0);
  });

  test('rows are written while there is a lock, and never after it was taken off', async () => {
    const { database, vault, lock, row } = await scene();
    await keepCarriers(database, [row]);
    expect(await database.carriers.count()).toBe(0);
    unwrap(await lock.set(vault, known, []));
    await keepCarriers(database, [row]);
    const moved: CarrierRow = { ...row, relays: ['wss://relay.example'], others: 3 };
    await keepCarriers(database, [moved]);
    expect(await database.carriers.get(row.circle)).toMatchObject({ relays: ['wss://relay.example'], others: 3 });
    unwrap(await lock.takeOff(known));
    await keepCarriers(database, [moved]);
    expect(await keysIn(database)).toEqual(['vault.key: AES-GCM encrypt,decrypt']);
  });
});
