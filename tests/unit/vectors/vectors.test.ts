/** Version 1 on the wire, byte for byte, for ever: once it is released, `protocol-v1.json` is never written again. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesToId, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveInvitationKeys, readInvitation } from '../../../src/lib/circle/invitation.ts';
import { openMessage, openWelcome } from '../../../src/lib/circle/joining.ts';
import { reduceRoster } from '../../../src/lib/circle/epochs.ts';
import { readStatement } from '../../../src/lib/circle/statements.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import { decodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { deriveEpochKeys, deriveLighthouseKeys, noticeKeys } from '../../../src/lib/records/epoch-keys.ts';
import { bodyToAck, bodyToLedger } from '../../../src/lib/records/ledger-reading.ts';
import { bytesToPayload } from '../../../src/lib/records/opened-payload.ts';
import { isSignedBy, openRecord } from '../../../src/lib/records/opened-record.ts';
import { hex } from '../crypto/known-device.ts';
import { makeVectors, vectorSecrets, vectorWelcome } from './protocol-v1.ts';
import { foundingKeys } from '../records/founding-keys.ts';

type Vectors = Awaited<ReturnType<typeof makeVectors>> & { welcomeBox: string };
const vectors = JSON.parse(readFileSync(new URL('./protocol-v1.json', import.meta.url), 'utf8')) as Vectors;
const circle = bytesToId<CircleId>(hex(vectors.ids.circle));
const epochSecret = new Uint8Array(32).fill(0x33);
const laterEpoch = bytesToId<EpochId>(new Uint8Array(16).fill(0x77));
const epochKeys = () => foundingKeys(circle, bytesToId<EpochId>(new Uint8Array(16).fill(0x22)), epochSecret);

describe('version 1', () => {
  test('what is made today is what was made when it was written down', async () => {
    const { welcomeBox, ...made } = vectors;
    expect(await makeVectors()).toEqual(made);
    expect(welcomeBox).toMatch(/^[0-9a-f]+$/);
  });

  test.each(Object.entries(vectors.records))(
    '[EN1] [EN5] [EN6] [EN8] the envelope of %s opens to its record',
    async (_, vector) => {
      const [ana, bo] = await vectorSecrets();
      const opened = unwrap(await openRecord(hex(vector.envelope), [await epochKeys()]));
      expect(opened.payload).toEqual(bytesToPayload(hex(vector.payload)));
      expect([opened.hash, opened.key]).toEqual([bytesToId(hex(vector.hash)), bytesToId(hex(vector.mapKey))]);
      expect(await isSignedBy(opened, ana.publicKeys.sign)).toBe(true);
      expect(await isSignedBy(opened, bo.publicKeys.sign)).toBe(false);
    }
  );

  test('[EN7] what was said in one epoch opens in the next, and as a notice, to the same record in the same place', async () => {
    const { epochs, records } = vectors;
    const slot = hex(epochs.slot);
    const later = await deriveEpochKeys(circle, laterEpoch, new Uint8Array(32).fill(0x88), slot);
    const lighthouse = await deriveLighthouseKeys(circle, (await epochKeys()).epoch, hex(epochs.lighthouse), slot);
    for (const [envelope, keys] of [
      [epochs.checkInLater, later],
      [epochs.checkInNotice, noticeKeys(lighthouse)]
    ] as const) {
      const opened = unwrap(await openRecord(hex(envelope), [keys]));
      expect(opened.payload).toEqual(bytesToPayload(hex(records['checkIn']?.payload ?? '')));
      expect(opened.hash).toBe(bytesToId(hex(records['checkIn']?.hash ?? '')));
      expect(opened.key).toBe(bytesToId(hex(records['checkIn']?.mapKey ?? '')));
      expect(opened.sealedIn).toBe(keys.epoch);
    }
  });

  test('[ST3] [ST4] [RO2] the statements make a circle of two', async () => {
    const keys = [await epochKeys()];
    const statements = await Promise.all(
      [vectors.records.genesis, vectors.records.addPerson].map(async (vector) =>
        readStatement(unwrap(await openRecord(hex(vector?.envelope ?? ''), keys)))
      )
    );
    const roster = reduceRoster(statements.filter((statement) => statement !== undefined));
    expect(roster.people.map(({ name }) => name)).toEqual(['Ana', 'Bo']);
    expect(roster.people.map(({ id }) => id as string)).toEqual(
      [vectors.ids.ana, vectors.ids.bo].map((id) => bytesToId(hex(id)))
    );
  });

  test('[LA3] [LA4] ledger and ack read back', () => {
    const read = (text: string): unknown => textMapToObject(decodeCbor(hex(text)));
    expect(bodyToLedger(read(vectors.ledgerBody))?.ranges).toEqual([
      [1, 3],
      [5, 6]
    ]);
    expect(bodyToAck(read(vectors.ackBody))).toEqual(new Map([[bytesToId(hex(vectors.ids.bo)), 9]]));
  });

  test('[IN1] [IN2] the link is read', async () => {
    const { secret, ...invitation } = unwrap(
      await readInvitation(`https://shoulder.example/join${vectors.invitation.fragment}`)
    );
    expect(invitation).toEqual({ circle, untilMs: 1_773_230_400_000, relays: ['wss://relay.example/relay'] });
    const keys = await deriveInvitationKeys(secret);
    expect([keys.id, keys.topic]).toEqual(
      [vectors.invitation.id, vectors.invitation.topic].map((id) => bytesToId(hex(id)))
    );
  });

  test('[IN4] [IN7] [IN8] ask, closing and welcome are read', async () => {
    const { joining, welcomeBox } = vectors;
    const keys = await deriveInvitationKeys(new Uint8Array(16).fill(0x44));
    const bo = await importDevice((await vectorSecrets())[1]);
    const { ask, welcome } = await vectorWelcome();
    expect(ask.id).toBe(bytesToId(hex(joining.askId)));
    expect(await openMessage(keys, circle, joining.askMessage)).toEqual({ type: 'ask', ask });
    expect(await openMessage(keys, circle, joining.closedMessage)).toEqual({ type: 'closed', to: ask.id, why: 'used' });
    expect(await openWelcome(bo, ask, hex(welcomeBox))).toEqual(welcome);
  });
});
