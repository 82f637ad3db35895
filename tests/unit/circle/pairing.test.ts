/** What a person calls their devices: the body it is said in, and which of several counts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToId, type DeviceId, type RecordHash } from '../../../src/lib/base/ids.ts';
import { nameLengthMax } from '../../../src/lib/base/limits.ts';
import {
  deviceLabelSlot,
  deviceLabelToBody,
  latestLabels,
  readDeviceLabel,
  type SaidLabel
} from '../../../src/lib/circle/pairing.ts';

const idOf = (n: number): DeviceId => bytesToId(new Uint8Array(16).fill(n));
const [phone, laptop] = [idOf(1), idOf(2)];
const said = (device: DeviceId, label: string, ms: number, count = 0, hash = label): SaidLabel => ({
  ...{ device, label, time: { ms, count } },
  hash: hash as RecordHash
});

test('[OD6] a label is read as it was written, in a slot of the device that it names', () => {
  for (const label of ['', 'Küche', 'V'.repeat(nameLengthMax)])
    expect(readDeviceLabel(deviceLabelToBody({ device: phone, label }))).toEqual({ device: phone, label });
  expect(deviceLabelSlot(phone)).toBe(`label/${phone}`);
});

test.each([
  ['nothing', undefined],
  ['no name', { device: new Uint8Array(16) }],
  ['no device', { label: 'Küche' }],
  ['a device that is none', { device: new Uint8Array(15), label: 'Küche' }],
  ['too long a name', { device: new Uint8Array(16), label: 'V'.repeat(nameLengthMax + 1) }],
  ['a number', { device: new Uint8Array(16), label: 5 }]
])('[OD6] a body with %s is no label', (_, body) => {
  expect(readDeviceLabel(body)).toBeUndefined();
});

test('[OD6] of each device the latest counts, by time and then hash, in whatever order they came', () => {
  const all = [
    said(phone, 'old', 1),
    said(phone, 'in the same moment', 5, 0),
    said(phone, 'a little later', 5, 1, 'hash a'),
    said(phone, 'at the very same time', 5, 1, 'hash b'),
    said(laptop, 'Desk', 9),
    said(laptop, '', 10)
  ];
  const latest = new Map([
    [phone, 'at the very same time'],
    [laptop, '']
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(latestLabels(shuffled)).toEqual(latest);
    })
  );
  expect(latestLabels([])).toEqual(new Map());
});
