/**
 * What somebody could read of all that a relay heard, with every key that is on their phone: the mailboxes of all epochs they hold
 * opened, and in them every envelope that opens.
 */
import type { Page } from '@playwright/test';
import type { CircleId } from '../../../src/lib/base/ids.ts';
import type { LighthouseKeys } from '../../../src/lib/records/epoch-keys.ts';
import { mailboxKeys } from '../../../src/lib/records/meeting-keys.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { bytesToKeyring, openKeyring } from '../../../src/lib/store/keyring.ts';
import { openMail } from '../../../src/lib/sync/mail-event.ts';
import { keyringsOf } from './phone-secrets.ts';

export interface HeardBy {
  readonly heard: readonly string[];
  /** The relay's address, as phones know it. */
  readonly relayUrl: string;
}

/** Every text in every record that opens, each once. */
export const readableWith = async (page: Page, { heard, relayUrl }: HeardBy): Promise<ReadonlySet<string>> => {
  const mail = heard
    .filter((text) => text.startsWith('["EVENT",'))
    .map((text) => (JSON.parse(text) as [string, Mail])[1]);
  const texts = new Set<string>();
  for (const { circle, bytes } of await keyringsOf(page)) {
    const read = await bytesToKeyring(bytes);
    if (read === undefined) throw new Error('a phone has keyrings that can be read');
    const { current, lighthouses, epochs } = await openKeyring(circle as CircleId, read);
    const places: LighthouseKeys[] = [current.lighthouse, ...lighthouses.map(({ keys }) => keys)];
    for (const place of places) {
      const keys = await mailboxKeys(place, relayUrl);
      for (const { id, kind, created_at, content } of mail) {
        if (kind !== mailKind) continue;
        const opened = await openMail(keys, { eventId: id, createdS: created_at, content });
        for (const envelope of opened.ok ? opened.value.envelopes : []) {
          const record = await openRecord(envelope, epochs);
          if (record.ok) textsIn(record.value.payload.body).forEach((text) => texts.add(text));
        }
      }
    }
  }
  return texts;
};

interface Mail {
  readonly id: string;
  readonly kind: number;
  readonly created_at: number;
  readonly content: string;
}

const mailKind = 1059;

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return value instanceof Map ? [...value.values()].flatMap(textsIn) : Object.values(value).flatMap(textsIn);
};
