/** An address block: the first address as a number, how many leading bits are fixed, and how many bits there are. */
export interface Block {
  readonly first: bigint;
  readonly prefix: number;
  readonly bits: 32 | 128;
}

/** Reads `10.0.0.0/8` or `fd00::/8`; bits behind the prefix are dropped. undefined where it is none. */
export function parseBlock(text: string): Block | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (!match || /^0\d/.test(match[2] ?? "")) return undefined;
  const address = parseAddress(match[1] ?? "");
  const prefix = Number(match[2]);
  if (!address || prefix > address.bits) return undefined;
  const rest = BigInt(address.bits - prefix);
  return { first: (address.number >> rest) << rest, prefix, bits: address.bits };
}

export function parseAddress(text: string): { number: bigint; bits: 32 | 128 } | undefined {
  const number = text.includes(":") ? parseLong(text) : parseShort(text);
  return number === undefined ? undefined : { number, bits: text.includes(":") ? 128 : 32 };
}

/** An IPv4 address in IPv6 form is written as the IPv4 address that it is. */
export function addressText(number: bigint, bits: 32 | 128): string {
  if (bits === 32 || number >> 32n === 0xffffn) return shortText(number & 0xffffffffn);
  return longText(number);
}

export function blockText({ first, prefix, bits }: Block): string {
  const isShort = bits === 128 && first >> 32n === 0xffffn && prefix >= 96;
  return `${addressText(first, bits)}/${isShort ? prefix - 96 : prefix}`;
}

function shortText(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join(".");
}

/** The longest run of at least two zero groups is left out (RFC 5952). */
function longText(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => Number((number >> BigInt(112 - index * 16)) & 0xffffn));
  let best = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

function parseShort(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let number = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    number = (number << 8n) | BigInt(part);
  }
  return number;
}

function parseLong(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map(groupsOf);
  if (!left || (halves.length === 2 && !right)) return undefined;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<number>(missing).fill(0), ...(right ?? [])];
  return groups.reduce((number, group) => (number << 16n) | BigInt(group), 0n);
}

function groupsOf(text: string, _index: number, halves: readonly string[]): number[] | undefined {
  if (text === "") return halves.length === 2 ? [] : undefined;
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".") && index === parts.length - 1) {
      const short = parseShort(part);
      if (short === undefined) return undefined;
      groups.push(Number(short >> 16n), Number(short & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
