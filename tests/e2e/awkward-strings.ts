/**
 * Words that software has stumbled over: each must reach a friend exactly as it was, and none may be taken for anything
 * but words.
 *
 * Invisible letters are written as escapes, so that an editor cannot lose them. Groups are named for what they try.
 */

import { codeStrings } from './awkward-code.ts';

const between = (letters: readonly string[]): string[] => letters.map((letter) => `a${letter}b`);
const first = (letters: readonly string[]): string[] => letters.map((letter) => `${letter}first`);

/** U+0001 to U+001F but for the tab and the line breaks, and U+007F; NUL stands alone below. */
const controls = [
  ...['\u0001', '\u0002', '\u0003', '\u0004', '\u0005', '\u0006', '\u0007', '\u0008', '\u000e', '\u000f'],
  ...['\u0010', '\u0011', '\u0012', '\u0013', '\u0014', '\u0015', '\u0016', '\u0017', '\u0018', '\u0019'],
  ...['\u001a', '\u001b', '\u001c', '\u001d', '\u001e', '\u001f', '\u007f']
];

const laterControls = [
  ...['\u0080', '\u0081', '\u0082', '\u0083', '\u0084', '\u0085', '\u0086', '\u0087', '\u0088', '\u0089', '\u008a'],
  ...['\u008b', '\u008c', '\u008d', '\u008e', '\u008f', '\u0090', '\u0091', '\u0092', '\u0093', '\u0094', '\u0095'],
  ...['\u0096', '\u0097', '\u0098', '\u0099', '\u009a', '\u009b', '\u009c', '\u009d', '\u009e', '\u009f']
];

const directions = [
  ...['\u200e', '\u200f', '\u061c', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068'],
  '\u2069'
];

const invisibles = [
  ...['\u200b', '\u200c', '\u200d', '\u2060', '\u2061', '\u2062', '\u2063', '\u2064', '\ufeff', '\u00ad', '\u034f'],
  ...['\u115f', '\u1160', '\u3164', '\uffa0', '\u180e', '\u17b4', '\u17b5', '\ufe0e', '\ufe0f', '\ufff9', '\ufffa'],
  ...['\ufffb', '\ufffc', '\ufffd', '\u{e0001}', '\u{e0020}', '\u{e007f}', '\u{e0100}', '\u{1d173}', '\u{1bca0}']
];

/** Code points that are no letters and never will be, yet are valid text. */
const nonLetters = [
  '\ufdd0',
  '\ufdef',
  '\ufffe',
  '\uffff',
  '\u{1fffe}',
  '\u{10ffff}',
  '\ue000',
  '\u{f0000}',
  '\u{10fffd}'
];

const spaces = [
  ...['\u00a0', '\u1680', '\u2000', '\u2001', '\u2002', '\u2003', '\u2004', '\u2005', '\u2006', '\u2007', '\u2008'],
  ...[
    '\u2009',
    '\u200a',
    '\u2028',
    '\u2029',
    '\u202f',
    '\u205f',
    '\u3000',
    '\t',
    '\n',
    '\u000b',
    '\u000c',
    '\r',
    '\r\n'
  ]
];

const onlySpace = [
  ' ',
  '  ',
  '\n',
  '\n\n\n',
  '\t',
  '\r\n',
  ' \n ',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\u200b',
  '\ufeff',
  ' '.repeat(500)
];

const lines = [
  'one\ntwo',
  'one\r\ntwo',
  'one\rtwo',
  'one\n\ntwo',
  '\nleading',
  'trailing\n',
  '  leading spaces',
  'trailing spaces  ',
  'tab\tbetween',
  'a  b   c    d',
  '\n\n\n\n\n\n\n\n\n\n\n\nfar down',
  'mixed\r\n\n\r ends'
];

const scripts = [
  'Ich bin müde, aber ich bin da.',
  'Je vais bien… enfin, ça va.',
  '¿Cómo estás de verdad?',
  'Hoe gaat het écht?',
  'Þetta reddast.',
  'Jak się naprawdę masz?',
  'Příliš žluťoučký kůň úpěl ďábelské ódy.',
  'Árvíztűrő tükörfúrógép',
  'Fırtınadan sonra ışık',
  'İstanbul ve ıssız',
  'Ă â î ș ț',
  'Kalispera, τι κάνεις;',
  'Ὦ ξεῖν’, ἀγγέλλειν Λακεδαιμονίοις',
  'Как ты на самом деле?',
  'Як ти насправді?',
  'Ђурђевак љубав њихање',
  'Ինչպե՞ս ես իրականում',
  'როგორ ხარ სინამდვილეში?',
  'מה שלומך באמת?',
  'שָׁלוֹם עֲלֵיכֶם',
  'كيف حالك حقًّا؟',
  'ٱلسَّلَامُ عَلَيْكُمْ',
  'حالت واقعاً چطوره؟',
  'می‌خواهم',
  'تم واقعی کیسے ہو؟',
  'ܫܠܡܐ ܥܠܝܟܘܢ',
  'ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ',
  'ߒ ߓߊ߯ ߘߐ߫',
  'እንዴት ነህ?',
  'तुम सच में कैसे हो?',
  'क्ष त्र ज्ञ श्र',
  'তুমি আসলে কেমন আছো?',
  'ਤੁਸੀਂ ਸੱਚਮੁੱਚ ਕਿਵੇਂ ਹੋ?',
  'તમે ખરેખર કેમ છો?',
  'ତୁମେ ପ୍ରକୃତରେ କେମିତି ଅଛ?',
  'நீ உண்மையில் எப்படி இருக்கிறாய்?',
  'నువ్వు నిజంగా ఎలా ఉన్నావు?',
  'ನೀನು ನಿಜವಾಗಿ ಹೇಗಿದ್ದೀಯ?',
  'നിനക്ക് ശരിക്കും സുഖമാണോ?',
  'ഔഷധം ൺ ൻ ർ ൽ ൾ',
  'ඔයාට ඇත්තටම කොහොමද? ක්‍රි',
  'คุณเป็นอย่างไรบ้างจริงๆ',
  'น้ำ ที่ สู้',
  'ເຈົ້າເປັນແນວໃດແທ້ໆ',
  'တကယ် နေကောင်းလား',
  'តើអ្នកសុខសប្បាយទេ',
  'ཁྱེད་རང་སྐུ་གཟུགས་བདེ་པོ་ཡིན་པས།',
  'ᠰᠠᠶᠢᠨ ᠪᠠᠶᠢᠨᠠ ᠤᠤ',
  '你到底还好吗?',
  '你到底還好嗎?',
  '本当のところ、元気?',
  'がぎぐげご',
  'か\u3099き\u3099',
  'ﾊﾝｶｸｶﾅ ﾃﾞｽ',
  '정말로 어떻게 지내?',
  '\u1112\u1161\u11ab\u1100\u1173\u11af',
  'ꀊꃶꄉ',
  'Tôi ổn, thật đấy. Ừ thì…',
  'Ẹ kú àárọ̀',
  'Ina kwana? Ƙarfi ɗaya ƴanci',
  'ᎣᏏᏲ',
  'ᓄᓇᕗᑦ',
  '𐤀𐤋𐤐',
  '𓀀𓂀𓆣',
  '𐍈𐌰𐌽',
  '𝓗𝓸𝔀 𝓪𝓻𝓮 𝔂𝓸𝓾',
  'ＦＵＬＬ ＷＩＤＴＨ',
  'ﬁ ﬂ ﬃ ﬆ',
  'ǅ ǈ ǋ ß ẞ ŉ',
  'Σ σ ς',
  '㍿ ㏂ ℻ №',
  '½ ⅔ ² ₃ Ⅷ ⓐ',
  '𠜎𠜱𠝹𠱓',
  '⠓⠑⠇⠇⠕',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢'
];

const mixedDirections = [
  'I said שלום and left.',
  'שלום (hello) שלום',
  'abc \u202eolleh\u202c def',
  '\u202eeverything after this is turned around',
  '\u2067never closed',
  '\u2069\u2069\u2069closed without opening',
  'file\u202egpj.exe',
  '\u202a\u202b\u202d\u202e\u2066\u2067\u2068 all of them',
  'مرحبا 123 hello 456 وداعا',
  '1. أولاً 2. ثانياً',
  '\u200f!!!',
  'پرچم 🏳️‍🌈 است',
  '(شخص) [ما] {هنا} <ك>'
];

const emoji = [
  '🙂',
  '☺️',
  '☺︎',
  '👍🏽',
  '👩‍👩‍👧‍👦',
  '👩🏿‍🚀',
  '🧑🏻‍❤️‍💋‍🧑🏿',
  '🏳️‍🌈',
  '🏳️‍⚧️',
  '🏴‍☠️',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  '🇳🇱🇧🇪',
  '🇳🇱🇧',
  '🇦',
  '1️⃣',
  '#️⃣*️⃣',
  '❤️‍🔥',
  '🐻‍❄️',
  '🧑‍🦽‍➡️',
  '🫂',
  '😶‍🌫️',
  '👁️‍🗨️',
  '👨‍👨‍👦‍👦👩‍❤️‍👨',
  '🤷🏼‍♀️🤷🏼‍♂️',
  '🪿🫏🫨',
  '👩\u200d',
  '\u200d👩',
  '\u{1f3fb}',
  '🙂'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(60),
  'I am 😀 and 😢 and 🫠',
  '🏴\u{e007f}',
  '⏏️▶️⏯️',
  '🅰️🆎©️®️™️',
  '🈁㊗️',
  '💁🏽‍♀️💁🏽',
  '🧜‍♀️🧟‍♂️🧞',
  '👯‍♂️🏃🏿‍♀️‍➡️',
  '\ufe0f\ufe0f\ufe0f',
  '🟰🟡🪢'
];

const combining = [
  'e\u0301',
  'é',
  '\u0301',
  'a\u0300\u0301\u0302\u0303\u0304',
  'o\u0338',
  'A\u030a Å Å',
  'q\u0307\u0323',
  'q\u0323\u0307',
  'Z̷̢͚a̴̛͜l̶̰͘g̵̪̈o̸̱͝',
  'H̡̫̤̤̣͉̤ͭ̓̓̇͗̎̀ơ̯̗̱̘̮͒̄̀̈ͤ̀͡w͓̲͙͖̥͉̹͋ͬ̊ͦ̂̀̚',
  `a${'\u0301'.repeat(200)}`,
  `a${'\u0489'.repeat(50)}`,
  '\u0915\u094d\u200d\u0937',
  '\u0915\u094d\u200c\u0937',
  '\u0e33\u0e33\u0e33',
  '\u20dd\u20e3',
  'x\u20ddy\u20e0',
  '\u05d0\u05b7\u05bc\u0591',
  '\u0627\u0653\u0654\u0655',
  'ﷺ ﷽',
  '\u1e9b\u0323',
  'ﬀ\u0301',
  '\u0f71\u0f72\u0f74',
  '\u3042\u3099',
  '\u{1f469}\u0301'
];

const long = [
  'x'.repeat(2000),
  'word '.repeat(400),
  'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(40),
  '\n'.repeat(1999) + 'x',
  '漢'.repeat(2000),
  '👍'.repeat(1000),
  'ب'.repeat(2000),
  '\u202e'.repeat(1000) + 'x',
  '\u0301'.repeat(2000),
  '\u0000'.repeat(2000),
  '\uffff'.repeat(2000),
  '<b>'.repeat(600),
  '(((('.repeat(500),
  '\u200b'.repeat(2000),
  `${'a'.repeat(1999)}\n`
];

/** Half a pair is no letter and has no UTF-8: these, and only these, arrive mended, U+FFFD for each lone half. */
export const brokenStrings: readonly string[] = [
  '\ud800',
  '\udc00',
  'a\ud83db',
  '\ud83d\ud83d\ude00',
  '\ude00\ud83d',
  'end\ud83d',
  '\udfffstart',
  `${'x'.repeat(1999)}\ud83d`
];

/** Five hundred and more, all different. */
export const awkwardStrings: readonly string[] = [
  ...new Set([
    ...between(controls),
    ...between(laterControls),
    ...between(directions),
    ...first(directions),
    ...between(invisibles),
    ...first(invisibles),
    ...between(nonLetters),
    ...between(spaces),
    ...onlySpace,
    ...lines,
    ...scripts,
    ...mixedDirections,
    ...emoji,
    ...combining,
    ...codeStrings,
    ...long
  ])
];

/** One of each sort, for typing into the real box. Without carriage returns, which no text box keeps. */
export const typedStrings: readonly string[] = [
  'before\u0000after',
  '\ufefffirst',
  'file\u202egpj.exe',
  '\u2067never closed',
  'Z̷̢͚a̴̛͜l̶̰͘g̵̪̈o̸̱͝',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'مرحبا 123 hello 456 وداعا',
  '你到底还好吗?',
  '<script>globalThis.interpreted = true</script>',
  '<img src=x onerror="globalThis.interpreted = true">',
  '</textarea><script>globalThis.interpreted = true</script>',
  '&lt;b&gt; &#x3c;',
  '{@html "<b>x</b>"} ${7 * 7} {name}',
  'javascript:globalThis.interpreted=true',
  "'; DROP TABLE envelopes; --",
  '{"__proto__":{"interpreted":true}}',
  '%s%s%n $1 $& \\u0041',
  '__proto__',
  'one\n\n  two\ttabbed  \n',
  'x'.repeat(2000)
];
