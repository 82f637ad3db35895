/**
 * Epochs that count, that the circle went past another way, and that this device was never in though it was handed their keys: whoever
 * took that way goes by what followed there, and shows it nowhere else (docs/protocol.md EP18).
 */
import type { EpochId } from '../base/ids.ts';
import { lighthousesMax } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { wayTo, type CircleState, type Epoch } from '../circle/epochs.ts';
import { openEpoch, readSealsBody, type Seals } from '../circle/seals.ts';
import { deriveEpochKeys, noticeKeys, type EpochKeys } from '../records/epoch-keys.ts';
import { openRecord, sealAgain } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { EnvelopeRow } from '../store/database.ts';
import type { Arrival } from './inbox.ts';

export class LostEpochs {
  readonly #circle: LocalCircle;
  readonly #random: Random;
  /** By epoch, and `undefined` where none of so many seals was for this device. */
  readonly #found = new Map<EpochId, { readonly tried: number; readonly keys: EpochKeys | undefined }>();

  constructor(circle: LocalCircle, random: Random) {
    this.#circle = circle;
    this.#random = random;
  }

  /** Their keys, those of the longest ways first, at most `lighthousesMax`. `rows`: the circle's seals. */
  async keysOf(state: CircleState, rows: readonly EnvelopeRow[]): Promise<EpochKeys[]> {
    const lost = lostIn(state, this.#circle);
    if (lost.length === 0) return [];
    const seals = await this.#open(rows);
    const keys: EpochKeys[] = [];
    for (const epoch of lost) {
      const known = await this.#keysOf(
        epoch,
        seals.filter((each) => each.epoch === epoch.id)
      );
      if (known !== undefined) keys.push(known);
      if (keys.length === lighthousesMax) break;
    }
    return keys;
  }

  /** What came in there, as this circle's inbox takes it. */
  readable(keys: EpochKeys, arrivals: readonly Arrival[]): Promise<Arrival[]> {
    return Promise.all(
      arrivals.map(async (arrival): Promise<Arrival> => {
        const opened = await openRecord(arrival.bytes, [keys, noticeKeys(keys.lighthouse)]);
        if (!opened.ok) return arrival;
        return { ...arrival, bytes: await sealAgain(this.#circle.keyring.current, opened.value, this.#random) };
      })
    );
  }

  async #open(rows: readonly EnvelopeRow[]): Promise<Seals[]> {
    const opened = await Promise.all(rows.map(({ bytes }) => openRecord(bytes, this.#circle.keyring.epochs)));
    return opened.flatMap((record) => (record.ok ? (readSealsBody(record.value.payload.body) ?? []) : []));
  }

  async #keysOf({ id, manifest }: Epoch, seals: readonly Seals[]): Promise<EpochKeys | undefined> {
    const known = this.#found.get(id);
    if (known?.keys !== undefined || known?.tried === seals.length) return known.keys;
    const { circle, device, slot } = this.#circle.keyring;
    let keys: EpochKeys | undefined;
    for (const each of seals) {
      const secret = manifest && (await openEpoch(circle, each, device.agreeKeys, manifest.commit));
      if (secret === null || secret === undefined) continue;
      keys = await deriveEpochKeys(circle, id, secret, slot);
      break;
    }
    this.#found.set(id, { tried: seals.length, keys });
    return keys;
  }
}

const lostIn = ({ epochs, head }: CircleState, { keyring }: LocalCircle): Epoch[] => {
  if (head === undefined) return [];
  const way = new Set(wayTo(head).map(({ id }) => id));
  const held = new Set([keyring.current.epoch, ...keyring.lighthouses.map(({ keys }) => keys.epoch)]);
  return [...epochs.values()]
    .filter(({ id, counts }) => counts && !way.has(id) && !held.has(id))
    .sort((a, b) => b.depth - a.depth || (a.id < b.id ? -1 : 1));
};
