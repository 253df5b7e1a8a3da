/** One key of a keyboard, in each of the forms in which a virtual keyboard wants it. */
export interface Key {
  /** As X defines them: what VNC sends. */
  readonly keysym: number;
  /** Set 1 of the PC keyboard, with 0xE0 before the keys that came later; absent: not on a US keyboard. */
  readonly scanCodes?: readonly number[];
  /** Usage on the USB keyboard page. */
  readonly usb?: number;
  /** QEMU's name of it. */
  readonly qcode?: string;
  /** The character needs the shift key, which is not itself part of this. */
  readonly shift?: boolean;
}

/** A key by Packer's name of it ("enter", "leftShift"), in lower case. */
export function namedKey(name: string): Key | undefined {
  return named.get(name);
}

/** The key that types the character on a US keyboard; other characters are keysyms of their own. */
export function characterKey(character: string): Key {
  const known = typed.get(character);
  if (known) return known;
  const code = character.codePointAt(0) ?? 0;
  // Latin-1 is its own keysym; all else lies above 0x01000000.
  return { keysym: code < 0x100 ? code : 0x01000000 + code };
}

export const leftShift: Key = { keysym: 0xffe1, scanCodes: [0x2a], usb: 0xe1, qcode: "shift" };

const returnKey: Key = { keysym: 0xff0d, scanCodes: [0x1c], usb: 0x28, qcode: "ret" };

const named: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["bs", { keysym: 0xff08, scanCodes: [0x0e], usb: 0x2a, qcode: "backspace" }],
  ["del", { keysym: 0xffff, scanCodes: [0xe0, 0x53], usb: 0x4c, qcode: "delete" }],
  ["down", { keysym: 0xff54, scanCodes: [0xe0, 0x50], usb: 0x51, qcode: "down" }],
  ["end", { keysym: 0xff57, scanCodes: [0xe0, 0x4f], usb: 0x4d, qcode: "end" }],
  ["enter", returnKey],
  ["esc", { keysym: 0xff1b, scanCodes: [0x01], usb: 0x29, qcode: "esc" }],
  ...functionKeys(),
  ["home", { keysym: 0xff50, scanCodes: [0xe0, 0x47], usb: 0x4a, qcode: "home" }],
  ["insert", { keysym: 0xff63, scanCodes: [0xe0, 0x52], usb: 0x49, qcode: "insert" }],
  ["left", { keysym: 0xff51, scanCodes: [0xe0, 0x4b], usb: 0x50, qcode: "left" }],
  ["leftalt", { keysym: 0xffe9, scanCodes: [0x38], usb: 0xe2, qcode: "alt" }],
  ["leftctrl", { keysym: 0xffe3, scanCodes: [0x1d], usb: 0xe0, qcode: "ctrl" }],
  ["leftshift", leftShift],
  ["leftsuper", { keysym: 0xffeb, scanCodes: [0xe0, 0x5b], usb: 0xe3, qcode: "meta_l" }],
  ["menu", { keysym: 0xff67, scanCodes: [0xe0, 0x5d], usb: 0x65, qcode: "menu" }],
  ["pagedown", { keysym: 0xff56, scanCodes: [0xe0, 0x51], usb: 0x4e, qcode: "pgdn" }],
  ["pageup", { keysym: 0xff55, scanCodes: [0xe0, 0x49], usb: 0x4b, qcode: "pgup" }],
  ["return", returnKey],
  ["right", { keysym: 0xff53, scanCodes: [0xe0, 0x4d], usb: 0x4f, qcode: "right" }],
  ["rightalt", { keysym: 0xffea, scanCodes: [0xe0, 0x38], usb: 0xe6, qcode: "alt_r" }],
  ["rightctrl", { keysym: 0xffe4, scanCodes: [0xe0, 0x1d], usb: 0xe4, qcode: "ctrl_r" }],
  ["rightshift", { keysym: 0xffe2, scanCodes: [0x36], usb: 0xe5, qcode: "shift_r" }],
  ["rightsuper", { keysym: 0xffec, scanCodes: [0xe0, 0x5c], usb: 0xe7, qcode: "meta_r" }],
  ["spacebar", { keysym: 0x20, scanCodes: [0x39], usb: 0x2c, qcode: "spc" }],
  ["tab", { keysym: 0xff09, scanCodes: [0x0f], usb: 0x2b, qcode: "tab" }],
  ["up", { keysym: 0xff52, scanCodes: [0xe0, 0x48], usb: 0x52, qcode: "up" }],
]);

function functionKeys(): [string, Key][] {
  return Array.from({ length: 12 }, (_, at) => {
    const scanCode = at < 10 ? 0x3b + at : 0x57 + at - 10;
    return [`f${at + 1}`, { keysym: 0xffbe + at, scanCodes: [scanCode], usb: 0x3a + at, qcode: `f${at + 1}` }];
  });
}

/** Rows of a US keyboard from scan code `first` on: what a key types, what it types with shift, its USB usage, QEMU's name. */
const rows: readonly (readonly [first: number, keys: readonly (readonly [string, string, number, string])[]])[] = [
  [
    0x02,
    [
      ...[..."1234567890"].map((digit, at) => [digit, "!@#$%^&*()".charAt(at), 0x1e + at, digit] as const),
      ["-", "_", 0x2d, "minus"],
      ["=", "+", 0x2e, "equal"],
    ],
  ],
  [0x10, [...letters("qwertyuiop"), ["[", "{", 0x2f, "bracket_left"], ["]", "}", 0x30, "bracket_right"]]],
  [0x1e, [...letters("asdfghjkl"), [";", ":", 0x33, "semicolon"], ["'", '"', 0x34, "apostrophe"]]],
  [0x29, [["`", "~", 0x35, "grave_accent"]]],
  [0x2b, [["\\", "|", 0x31, "backslash"]]],
  [0x2c, [...letters("zxcvbnm"), [",", "<", 0x36, "comma"], [".", ">", 0x37, "dot"], ["/", "?", 0x38, "slash"]]],
];

function letters(row: string): (readonly [string, string, number, string])[] {
  return [...row].map((letter) => [letter, letter.toUpperCase(), 0x04 + letter.charCodeAt(0) - 97, letter] as const);
}

const typed: ReadonlyMap<string, Key> = new Map<string, Key>([
  [" ", { keysym: 0x20, scanCodes: [0x39], usb: 0x2c, qcode: "spc" }],
  ["\n", returnKey],
  ["\t", { keysym: 0xff09, scanCodes: [0x0f], usb: 0x2b, qcode: "tab" }],
  ...rows.flatMap(([first, keys]) =>
    keys.flatMap(([plain, shifted, usb, qcode], at): [string, Key][] => {
      const scanCodes = [first + at];
      return [
        [plain, { keysym: plain.charCodeAt(0), scanCodes, usb, qcode }],
        [shifted, { keysym: shifted.charCodeAt(0), scanCodes, usb, qcode, shift: true }],
      ];
    }),
  ),
]);
