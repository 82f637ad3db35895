/** People in a circle as their page shows them, for component tests. */
import type { DeviceId, PersonId } from '../../src/lib/base/ids.ts';
import type { ShownDevice, ShownPerson, Voices } from '../../src/lib/ui/people.ts';

let made = 0;

/** A device by its label; `this` is the one that looks. */
export const device = (label: string, isThis = false): ShownDevice => ({
  id: `device ${++made}` as DeviceId,
  label,
  isThis
});

export const voices = (...names: readonly string[]): Voices => ({
  you: names.includes('You'),
  names: names.filter((name) => name !== 'You')
});

export const person = (name: string, changes: Partial<ShownPerson> = {}): ShownPerson => ({
  id: name as PersonId,
  name,
  isYou: false,
  devices: [device('phone')],
  letInBy: voices('You'),
  vouchedBy: null,
  compared: 'no',
  muted: false,
  spoken: null,
  mayRemove: true,
  ...changes
});

export const you = person('Sofie', {
  isYou: true,
  devices: [device('', true), device('laptop')],
  letInBy: null,
  mayRemove: false
});

/** The kitchen table: a phone that was lost, devices that changed, somebody who is muted. */
export const table: readonly ShownPerson[] = [
  you,
  person('Ana', { compared: 'changed', vouchedBy: voices('Bob', 'Mia') }),
  person('Bob', { compared: 'yes', devices: [device('phone'), device('laptop')] }),
  person('Mia', { letInBy: voices('Bob'), muted: true }),
  person('Jo', { letInBy: voices('Ana'), devices: [device(''), device('')] })
];

/** Twelve people with three devices each. */
export const crowd: readonly ShownPerson[] = [
  { ...you, devices: [device('phone', true), device('laptop'), device('tablet')] },
  ...['Ana', 'Bob', 'Mia', 'Jo', 'Sam', 'Inés', 'Tomasz', 'Wren', 'Lotte', 'Noor', 'Bram'].map((name, i) =>
    person(name, {
      devices: [device('phone'), device('laptop'), device(`${name}'s old one in the kitchen`)],
      compared: (['yes', 'no', 'changed'] as const)[i % 3] ?? 'no',
      letInBy: i % 2 === 0 ? voices('You') : voices('Ana'),
      vouchedBy: i === 4 ? voices('You', 'Ana', 'Bob', 'Mia', 'Jo', 'Inés') : null,
      muted: i === 7
    })
  )
];

/** Names and labels as long as they get, without a gap, in the other direction, and full of controls. */
const long = 'W'.repeat(60);
export const awkward: readonly ShownPerson[] = [
  { ...you, devices: [device('V'.repeat(40), true), device('لابتوب')] },
  person(long, {
    devices: [device('Kitchen'.repeat(6)), device('')],
    compared: 'changed',
    letInBy: voices('V'.repeat(60)),
    vouchedBy: voices('V'.repeat(60), 'يوسف'),
    muted: true
  }),
  person('‮يوسف', { devices: [device('هاتف قديم')], letInBy: voices('مريم'), compared: 'yes' }),
  person('', { devices: [], letInBy: voices('🌻🌻🌻') }),
  person('عبد الرحمن بن محمد بن عبد العزيز آل سعود الكبير', { compared: 'changed' })
];
