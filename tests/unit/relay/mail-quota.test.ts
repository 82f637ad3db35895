/** What one mailbox, one address and the whole relay may hold. */
import { describe, expect, test } from 'vitest';
import { defaultLimits, eventOverheadBytes, mailAgeMaxMs, sweepMs } from '../../../src/relay/limits.ts';
import { anaKeys, anas, dayMs, jos, nowSeconds, useMailboxScene } from './mailbox-scene.ts';
import { connectClient } from './nostr-client.ts';
import { signDeletion, signMail } from './signed-event.ts';

const scene = useMailboxScene();
const { restart, later, signAnaIn, leave, mine } = scene;

describe('keeps within', () => {
  const sized = (n: number, mailbox = anas, fields: object = {}) =>
    signMail(mailbox, { content: `${n}${'x'.repeat(1000)}`, ...fields });
  const cost = Buffer.byteLength(JSON.stringify(sized(0))) + eventOverheadBytes;

  test('events of a mailbox; deleting makes room', async () => {
    await restart({ mailboxEventsMax: 2 });
    expect(await leave(sized(1))).toEqual([true, '']);
    expect(await leave(sized(2))).toEqual([true, '']);
    expect(await leave(sized(3))).toEqual([false, expect.stringMatching(/^blocked: this mailbox is full/)]);
    expect(await leave(sized(3, jos))).toEqual([true, '']);
    expect(await leave(sized(2))).toEqual([true, expect.stringMatching(/^duplicate: /)]);
    await leave(signDeletion([sized(1).id], anaKeys));
    expect(await leave(sized(3))).toEqual([true, '']);
  });

  test('bytes of a mailbox', async () => {
    await restart({ mailboxBytesMax: cost * 2 });
    expect(await leave(sized(1))).toEqual([true, '']);
    expect(await leave(sized(2))).toEqual([true, '']);
    expect(await leave(sized(3))).toEqual([false, expect.stringMatching(/^blocked: this mailbox is full/)]);
    expect(await leave(sized(3, jos))).toEqual([true, '']);
  });

  test('bytes altogether: it says when room comes, keeps what it has, and takes more then', async () => {
    await restart({ mailBytesMax: cost * 2 });
    const expiresAt = nowSeconds + 600;
    expect(await leave(sized(1, anas, { expiresAt }))).toEqual([true, '']);
    expect(await leave(sized(2, jos))).toEqual([true, '']);
    expect(await leave(sized(3))).toEqual([
      false,
      `blocked: this relay is full; its oldest mail expires at ${expiresAt}`
    ]);
    await signAnaIn();
    expect((await mine()).events).toHaveLength(1);
    await later(sweepMs);
    expect(await leave(sized(3, anas, { created_at: nowSeconds + sweepMs / 1000 }))).toEqual([true, '']);
  });

  test('what one address may leave in a day, over all its connections; what was refused costs nothing', async () => {
    await restart({ addressBytesPerDay: cost * 2 });
    expect(await leave(sized(1))).toEqual([true, '']);
    expect((await leave(sized(1)))[1]).toMatch(/^duplicate: /);
    expect(await leave(sized(2), scene.ana)).toEqual([true, '']);
    expect(await leave(sized(3))).toEqual([false, expect.stringMatching(/^rate-limited: /)]);
    await later(dayMs / 2 + 1000);
    expect(await leave(sized(3, anas, { created_at: nowSeconds + 43_200 }))).toEqual([true, '']);
  });

  test('what one address may say in a second, over all its connections', async () => {
    await restart({ messagesPerSecond: 1 }); // ten at once from one connection, forty from one address
    const clients = await Promise.all(Array.from({ length: 5 }, () => connectClient(scene.server.relayUrl)));
    const answers: unknown[] = [];
    for (const client of clients) {
      for (let n = 0; n < 10; n++) {
        client.send(['REQ', 'x', { kinds: [1] }]);
        answers.push((await client.next())[0]);
      }
    }
    expect(answers.filter((verb) => verb === 'EOSE')).toHaveLength(40);
  });
});

test('the defaults have room for what a lighthouse has to stand', () => {
  expect(defaultLimits.mailLifetimeMaxMs).toBeGreaterThan(180 * dayMs + mailAgeMaxMs);
  expect(defaultLimits.mailboxBytesMax).toBeLessThan(defaultLimits.mailBytesMax);
});
