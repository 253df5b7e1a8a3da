import { describe, expect, test } from "vitest";
import { qemuInputEvent, scanCodesOf, strokesOf } from "./key-strokes.ts";
import { characterKey, leftShift } from "./keys.ts";
import { parseBootCommand } from "./parse-boot-command.ts";
import { pausesOf } from "./pauses.ts";
import { type TypingTarget, typeBootCommand } from "./type-boot-command.ts";

/** In a shorthand: press as the name, down +name, up -name, wait as its milliseconds. */
function short(text: string): string[] {
  const { actions, faults } = parseBootCommand(text);
  expect(faults).toEqual([]);
  return actions.map((action) => {
    switch (action.kind) {
      case "press":
        return `${action.name}:${action.key.keysym.toString(16)}`;
      case "down":
      case "up":
        return `${action.kind === "down" ? "+" : "-"}${action.key.keysym.toString(16)}`;
      case "wait":
        return String(action.milliseconds);
      case "waitForText":
        return `text ${action.text} ${action.limit}`;
      case "waitForScreen":
        return `screen ${action.quiet} ${action.limit}`;
      default:
        return action satisfies never;
    }
  });
}

describe("a boot command", () => {
  test.each<[string, string[]]>([
    ["aB", ["a:61", "B:42"]],
    ["<enter><RETURN>", ["enter:ff0d", "RETURN:ff0d"]],
    ["<f1><F12>", ["f1:ffbe", "F12:ffc9"]],
    ["<spacebar><pageUp><del>", ["spacebar:20", "pageUp:ff55", "del:ffff"]],
    ["<wait><wait5><wait10>", ["1000", "5000", "10000"]],
    ["<wait1m20s><wait500ms><wait1.5s><wait0s>", ["80000", "500", "1500", "0"]],
    ["<leftCtrlOn>c<leftCtrlOff>", ["+ffe3", "c:63", "-ffe3"]],
    ["<leftctrlon><leftCTRLoff>", ["+ffe3", "-ffe3"]],
    ["<aOn><aOff><>On><>Off>", ["+61", "-61", "+3e", "-3e"]],
    ["<leftShift><menu>", ["leftShift:ffe1", "menu:ff67"]],
    ["<f1On><f1Off>", ["+ffbe", "-ffbe"]],
    ["é€\u{1f600}", ["é:e9", "€:10020ac", "\u{1f600}:101f600"]],
    ["<no><wait5x>", [..."<no><wait5x>"].map((c) => `${c}:${c.charCodeAt(0).toString(16)}`)],
    ["a<", ["a:61", "<:3c"]],
    ['<waitForText "login:">', ["text login: 300000"]],
    ["<waitForText 'it\\'s' 90s>", ["text it's 90000"]],
    ["<waitForText /lo+gin: $/i 2m>", ["text /lo+gin: $/im 120000"]],
    [
      "<waitForScreen><waitForScreen 3s><waitForScreen 500ms 10m>",
      ["screen 1000 300000", "screen 3000 300000", "screen 500 600000"],
    ],
  ])("%s", (text, expected) => expect(short(text)).toEqual(expected));

  test.each([
    ["a<leftShiftOn>b", 15, "<leftShiftOn> is never followed by <leftShiftOff>"],
    ["ab<waitForText /(/>", 2, "This is no regular expression"],
    ['<waitForText "">', 0, "waits for no text"],
    ['<waitForText "x" soon>', 0, 'A time here is a number with its unit: "500ms", "10s", "2m"'],
    ["<waitForScreen soon>", 0, "A time here"],
  ])("%s is a fault at its place", (text, offset, message) => {
    expect(parseBootCommand(text).faults).toEqual([{ offset, message: expect.stringContaining(message) }]);
  });
});

describe("a key", () => {
  test("has its codes on every kind of keyboard", () => {
    const codes = (text: string) =>
      [...text].flatMap((character) =>
        strokesOf(characterKey(character), false).flatMap((stroke) => scanCodesOf(stroke) ?? []),
      );
    expect(codes("a1")).toEqual([0x1e, 0x9e, 0x02, 0x82]);
    expect(codes("A")).toEqual([0x2a, 0x1e, 0x9e, 0xaa]);
    expect(codes("\\/`")).toEqual([0x2b, 0xab, 0x35, 0xb5, 0x29, 0xa9]);
    const up = parseBootCommand("<up>").actions[0];
    if (up?.kind !== "press") throw new Error("no key");
    expect(strokesOf(up.key, false).map(scanCodesOf)).toEqual([
      [0xe0, 0x48],
      [0xe0, 0xc8],
    ]);
    expect(qemuInputEvent({ key: leftShift, down: true })).toEqual({
      type: "key",
      data: { down: true, key: { type: "qcode", data: "shift" } },
    });
  });

  test("of every printable ASCII character is on the keyboard", () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const key = characterKey(String.fromCharCode(code));
      expect(key.keysym).toBe(code);
      expect([key.scanCodes?.length, key.usb, key.qcode]).not.toContain(undefined);
    }
    expect(
      new Set(
        Array.from({ length: 95 }, (_, at) => {
          const { usb, shift } = characterKey(String.fromCharCode(0x20 + at));
          return `${usb} ${shift}`;
        }),
      ).size,
    ).toBe(95);
  });

  test("is not shifted twice", () => {
    expect(strokesOf(characterKey("A"), true)).toHaveLength(2);
  });
});

describe("typing", () => {
  test("sends no more than a keyboard's buffer holds before the guest has taken it", async () => {
    const { log } = await typed("abcdefghijkl<wait2>m");
    expect(log.join("")).toBe("+a-a+b-b+c-c+d-d+e-e.+f-f+g-g+h-h+i-i+j-j.+k-k+l-l 2000+m-m.");
  });

  test("with a pause that was asked for waits after each event, and after each text", async () => {
    const { log } = await typed("aB", { key: 10, group: 300 });
    expect(log.join("")).toBe("+a 10-a 10+shift 10+b 10-b 10-shift 10 300");
  });

  test("lets go of what is held when it is cut off", async () => {
    const { log, fault } = await typed("<leftCtrlOn><leftAltOn><waitForText 'x'><leftAltOff><leftCtrlOff>");
    expect(fault).toMatchObject({ message: expect.stringContaining('waits for the text "x" on the console') });
    expect(log.join("")).toBe("+ctrl+alt-ctrl-alt");
  });

  test("a wait for text has a limit, and says what it waited for", async () => {
    const { fault } = await typed(
      "<waitForText 'login:' 10ms>",
      undefined,
      (_, signal) => new Promise((_done, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    expect(fault).toMatchObject({
      name: "TimedOut",
      message: 'Waiting for the text "login:" on the console took longer than 0.01 s',
    });
  });

  test("takes the template's pause before that of the environment", () => {
    const host = { environment: { PACKER_KEY_INTERVAL: "25ms" } };
    expect(pausesOf({}, { environment: {} })).toEqual({ key: undefined, group: 0 });
    expect(pausesOf({ boot_keygroup_interval: 5 }, host)).toEqual({ key: 25, group: 5 });
    expect(pausesOf({ boot_key_interval: 0 }, host)).toEqual({ key: 0, group: 0 });
    expect(pausesOf({}, { environment: { PACKER_KEY_INTERVAL: "soon" } })).toEqual({ key: undefined, group: 0 });
  });
});

async function typed(
  text: string,
  pauses: { key: number | undefined; group: number } = { key: undefined, group: 0 },
  waitForText?: TypingTarget["waitForText"],
): Promise<{ log: string[]; fault: unknown }> {
  const log: string[] = [];
  const target: TypingTarget = {
    async send({ key, down }) {
      log.push(`${down ? "+" : "-"}${key.qcode}`);
    },
    async taken() {
      log.push(".");
    },
    ...(waitForText ? { waitForText } : {}),
  };
  const host = {
    async sleep(time: number) {
      log.push(` ${time}`);
    },
  };
  const typing = typeBootCommand([parseBootCommand(text).actions], target, pauses, host, AbortSignal.timeout(5000));
  return { log, fault: await typing.catch((error: unknown) => error) };
}
