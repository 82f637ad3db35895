/**
 * Who can see what, in sentences: one entry for each kind of person or machine, in the order in which people ask.
 *
 * Every sentence has to be true of the code; docs/threat-model.md says the same with its reasons and the rules' ids, and the
 * two change together.
 */
import { m } from '$lib/i18n/messages';

/** What somebody can and can't see. Headings are "Can see" and "Can't see" where no other are given. */
export interface Sight {
  readonly name: Sentence;
  /** What has to be known first. */
  readonly about?: Sentence;
  readonly canHeading?: Sentence;
  readonly can: readonly Sentence[];
  readonly cannotHeading?: Sentence;
  readonly cannot: readonly Sentence[];
  /** What one can do about it. */
  readonly helps?: Sentence;
}

/** A sentence of the catalogue, in the language of the moment. */
export type Sentence = () => string;

/** From the nearest to the farthest, and at last what is nobody else's. */
export const sights: readonly Sight[] = [
  {
    name: m.sight_friend,
    about: m.sight_friend_about,
    can: [
      m.sight_friend_circle,
      m.sight_friend_chosen,
      m.sight_friend_there,
      m.sight_friend_address,
      m.sight_friend_devices,
      m.sight_friend_vouched,
      m.sight_friend_votes
    ],
    cannot: [
      m.sight_friend_not_others,
      m.sight_friend_not_reading,
      m.sight_friend_not_circles,
      m.sight_friend_not_mute
    ],
    helps: m.sight_friend_helps
  },
  {
    name: m.sight_former,
    about: m.sight_former_about,
    can: [
      m.sight_former_had,
      m.sight_former_went_on,
      m.sight_former_old_keys,
      m.sight_former_old_place,
      m.sight_former_votes
    ],
    cannot: [m.sight_former_not_words, m.sight_former_not_people],
    helps: m.sight_former_helps
  },
  {
    name: m.sight_relay,
    about: m.sight_relay_about,
    can: [m.sight_relay_mailbox, m.sight_relay_letters, m.sight_relay_addresses, m.sight_relay_guess],
    cannot: [m.sight_relay_not_words, m.sight_relay_not_who, m.sight_relay_not_then],
    helps: m.sight_relay_helps
  },
  {
    name: m.sight_network,
    can: [m.sight_network_wifi, m.sight_network_helper, m.sight_network_messenger],
    cannot: [m.sight_network_not_words],
    helps: m.sight_network_helps
  },
  {
    name: m.sight_open,
    about: m.sight_open_about,
    can: [m.sight_open_all, m.sight_open_after],
    cannot: [m.sight_open_not_gone, m.sight_open_not_shut_out],
    helps: m.sight_open_helps
  },
  {
    name: m.sight_locked,
    about: m.sight_locked_about,
    can: [m.sight_locked_outside, m.sight_locked_there, m.sight_locked_picture, m.sight_locked_before],
    cannot: [m.sight_locked_not_words, m.sight_locked_not_new],
    helps: m.sight_locked_helps
  },
  {
    name: m.sight_unlocked,
    about: m.sight_unlocked_about,
    can: [m.sight_unlocked_phone, m.sight_unlocked_copy],
    cannot: [m.sight_unlocked_not_files, m.sight_unlocked_not_phone],
    helps: m.sight_unlocked_helps
  },
  {
    name: m.sight_server,
    about: m.sight_server_about,
    can: [m.sight_server_fetched, m.sight_server_relay, m.sight_server_all],
    cannot: [m.sight_server_not_words, m.sight_server_not_invites],
    helps: m.sight_server_helps
  },
  {
    name: m.sight_invite,
    about: m.sight_invite_about,
    can: [m.sight_invite_asking, m.sight_invite_relays],
    cannot: [m.sight_invite_not_words, m.sight_invite_not_in],
    helps: m.sight_invite_helps
  },
  {
    name: m.sight_only,
    canHeading: m.sight_only_you,
    can: [m.sight_only_own, m.sight_only_unsaid, m.sight_only_quiet],
    cannotHeading: m.sight_only_out,
    cannot: [m.sight_only_sent, m.sight_only_backup]
  }
];

/** What holds for all of them, and what no app can change. */
export const limits: readonly Sentence[] = [
  m.sight_limits_screenshot,
  m.sight_limits_memory,
  m.sight_limits_keys,
  m.sight_limits_tidy,
  m.sight_limits_sizes,
  m.sight_limits_screen
];
