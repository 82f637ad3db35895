/**
 * Who is here, in words: devices, who let whom in, who vouched, and what was compared. Every sentence comes in parts, names
 * apart, so that each can stand in a `<bdi>`.
 */
import type { DeviceNews, GonePerson, ShownDevice, ShownPerson, Voices } from '../care/people.ts';
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';
import { shownName, type SentencePart } from './names.ts';

export type { DeviceNews, GonePerson, OutReason, ShownDevice, ShownPerson, Voices } from '../care/people.ts';

/** A sentence with one name in it, as often as it likes. */
export const nameParts = (name: string, write: (name: string) => string): SentencePart[] =>
  fill(([slot = '']) => write(slot), [[nameOf(name)]]);

/** "With this phone and a laptop." */
export const devicesParts = ({ name, devices }: Pick<ShownPerson, 'name' | 'devices'>): SentencePart[] =>
  devices.length === 0
    ? nameParts(name, (slot) => m.people_devices_none({ name: slot }))
    : fill(([slot = '']) => m.people_devices({ devices: slot }), [deviceList(devices)]);

/** One device in a sentence of its own: "a laptop", "this phone", "Work laptop". */
export const deviceParts = (device: ShownDevice, write: (device: string) => string = (slot) => slot): SentencePart[] =>
  fill(([slot = '']) => write(slot), [deviceList([device])]);

/** "You let Mia in." Nothing of whoever began the circle. */
export const letInParts = ({
  name,
  isYou,
  letInBy
}: Pick<ShownPerson, 'name' | 'isYou' | 'letInBy'>): SentencePart[] | null => {
  if (letInBy === null) return null;
  const by = voiceList(letInBy);
  if (letInBy.you) return nameParts(name, (slot) => m.people_let_in_by_you({ name: slot }));
  if (isYou) return fill(([slot = '']) => m.people_let_in_own({ by: slot }), [by]);
  return fill(([slot = '', friend = '']) => m.people_let_in({ by: slot, name: friend }), [by, [nameOf(name)]]);
};

/** "Bob and Mia said that this is Ana's new phone." */
export const vouchedParts = ({
  name,
  isYou,
  vouchedBy
}: Pick<ShownPerson, 'name' | 'isYou' | 'vouchedBy'>): SentencePart[] | null => {
  if (vouchedBy === null) return null;
  const write = vouchedBy.you ? m.people_vouched_by_you : m.people_vouched;
  if (isYou) return fill(([names = '']) => m.people_vouched_own({ names }), [voiceList(vouchedBy)]);
  return fill(([names = '', friend = '']) => write({ names, name: friend }), [voiceList(vouchedBy), [nameOf(name)]]);
};

/** What there is to say of six words; nothing where they were never compared. */
export const comparedParts = ({ name, compared }: ShownPerson): SentencePart[] | null => {
  if (compared === 'no') return null;
  return compared === 'yes' ? [ours(m.people_compared())] : nameParts(name, (slot) => m.people_changed({ name: slot }));
};

/** "You and Jo have said so. One more is needed." */
export const spokenParts = (name: string, { names, missing }: NonNullable<ShownPerson['spoken']>): SentencePart[] => {
  const voices = voiceList({ you: true, names });
  const said =
    names.length === 0
      ? [ours(m.people_spoken_you())]
      : fill(([slot = '']) => m.people_spoken_you_and({ names: slot }), [voices]);
  if (missing === 0) return [...said, ours(' '), ...nameParts(name, (slot) => m.people_missing_none({ name: slot }))];
  return [...said, ours(` ${missing === 1 ? m.people_missing_one() : m.people_missing_many({ count: missing })}`)];
};

/** "Ana uses a new phone now. Bob and Mia vouched for it.", "Jo added a laptop." */
export const newsParts = ({ name, isYou, devices, vouchedBy }: DeviceNews): SentencePart[] => {
  const list = deviceList(devices);
  if (isYou) return fill(([slot = '']) => m.people_news_added_own({ device: slot }), [list]);
  if (vouchedBy === null)
    return fill(
      ([friend = '', slot = '']) => m.people_news_added({ name: friend, device: slot }),
      [[nameOf(name)], list]
    );
  const write = vouchedBy.you ? m.people_news_vouched_by_you : m.people_news_vouched;
  return [
    ...nameParts(name, (slot) => m.people_news_phone({ name: slot })),
    ours(' '),
    ...fill(([names = '']) => write({ names }), [voiceList(vouchedBy)])
  ];
};

/** "Ana has left the circle.", "Mia is no longer in this circle." */
export const goneParts = ({ name, how }: GonePerson): SentencePart[] =>
  nameParts(name, (slot) => (how === 'left' ? m.people_news_left : m.people_news_removed)({ name: slot }));

/** "Muted: Jo and Mia" */
export const mutedParts = (names: readonly string[]): SentencePart[] =>
  fill(([slot = '']) => m.people_muted_board({ names: slot }), [namesList(names)]);

const ours = (text: string): SentencePart => ({ text, isName: false });
const nameOf = (name: string): SentencePart => ({ text: shownName(name), isName: true });

const namesList = (names: readonly string[]): SentencePart[] => listParts(names.map((name) => [nameOf(name)]));

const voiceList = ({ you, names }: Voices): SentencePart[] =>
  listParts([...(you ? [[ours(m.card_own())]] : []), ...names.map((name) => [nameOf(name)])]);

/** What a device is, where its label says so in one of the words that this language has. */
type DeviceKind = 'phone' | 'tablet' | 'laptop' | 'computer' | 'device';
const kinds: readonly DeviceKind[] = ['phone', 'tablet', 'laptop', 'computer'];

const kindOf = ({ label }: ShownDevice): DeviceKind | undefined => {
  const plain = label.trim().toLowerCase();
  return plain === '' ? 'device' : kinds.find((kind) => kind === plain);
};

/** Devices in the order given, those of one kind together: "this phone, 2 laptops, and Kitchen". */
const deviceList = (devices: readonly ShownDevice[]): SentencePart[] => {
  const items = new Map<string, SentencePart[]>();
  const plain = devices.filter(({ isThis }) => !isThis);
  for (const device of devices) {
    const kind = kindOf(device);
    if (device.isThis) items.set(device.id, thisDevice(device, kind));
    else if (kind === undefined) items.set(device.id, [nameOf(device.label)]);
    else items.set(kind, [ours(countWords[kind](plain.filter((each) => kindOf(each) === kind).length))]);
  }
  return listParts([...items.values()]);
};

const thisDevice = (device: ShownDevice, kind: DeviceKind | undefined): SentencePart[] => {
  if (kind !== undefined) return [ours(thisWords[kind]())];
  return fill(([slot = '']) => m.people_this_one({ device: slot }), [[nameOf(device.label)]]);
};

const countWords: Record<DeviceKind, (count: number) => string> = {
  phone: (count) => (count === 1 ? m.people_phone() : m.people_phones({ count })),
  tablet: (count) => (count === 1 ? m.people_tablet() : m.people_tablets({ count })),
  laptop: (count) => (count === 1 ? m.people_laptop() : m.people_laptops({ count })),
  computer: (count) => (count === 1 ? m.people_computer() : m.people_computers({ count })),
  device: (count) => (count === 1 ? m.people_device() : m.people_device_many({ count }))
};

const thisWords: Record<DeviceKind, () => string> = {
  phone: m.people_this_phone,
  tablet: m.people_this_tablet,
  laptop: m.people_this_laptop,
  computer: m.people_this_computer,
  device: m.people_this_phone
};

/** "Ana, Jo and Mia" in parts, in the language of the interface. */
const listParts = (items: ReadonlyArray<readonly SentencePart[]>): SentencePart[] => {
  const rest = [...items];
  return new Intl.ListFormat(getLocale(), { type: 'conjunction' })
    .formatToParts(items.map(() => ' '))
    .flatMap(({ type, value }) => (type === 'element' ? (rest.shift() ?? []) : [ours(value)]));
};

/** A private-use letter: it stands for what is put in, and no sentence of ours contains it. */
const mark = '\uE000';

/** A sentence with parts put where `write` wants them, so that nothing in a name can be taken for a part of the sentence. */
const fill = (
  write: (slots: readonly string[]) => string,
  given: ReadonlyArray<readonly SentencePart[]>
): SentencePart[] =>
  write(given.map((_, index) => `${mark}${index}${mark}`))
    .split(mark)
    .flatMap((text, index) => {
      if (index % 2 === 1) return given[Number(text)] ?? [];
      return text === '' ? [] : [ours(text)];
    });
