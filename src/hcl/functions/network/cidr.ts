import { FunctionFault, type Parameter } from "../../evaluation/scope.ts";
import { BOOL, listOf, NUMBER, STRING } from "../../values/type.ts";
import { boolValue, listValue, stringValue, type Value } from "../../values/value.ts";
import { define, type FunctionTable, tableOf, textAt, wholeAt } from "../define.ts";
import { addressText, type Block, blockText, parseAddress, parseBlock } from "./address.ts";

const PREFIX: Parameter = { name: "prefix", type: STRING };

const cidrhost = define({
  name: "cidrhost",
  doc: "The address of a number in an address block; negative numbers count from its end.",
  parameters: [PREFIX, { name: "hostnum", type: NUMBER }],
  returns: STRING,
  call(args) {
    const { first, prefix, bits } = blockAt(args, 0);
    const number = BigInt(wholeAt(args, 1));
    const size = 1n << BigInt(bits - prefix);
    const place = number < 0n ? size + number : number;
    if (place < 0n || place >= size)
      throw new FunctionFault(`a block with a prefix of ${prefix} has no host ${number}`, 1);
    return stringValue(addressText(first + place, bits));
  },
});

const cidrnetmask = define({
  name: "cidrnetmask",
  doc: "The mask of an address block, written as an address.",
  parameters: [PREFIX],
  returns: STRING,
  call(args) {
    const { prefix, bits } = blockAt(args, 0);
    const rest = BigInt(bits - prefix);
    return stringValue(addressText(((1n << BigInt(prefix)) - 1n) << rest, bits));
  },
});

const cidrsubnet = define({
  name: "cidrsubnet",
  doc: "The block of a number among those that a block has when its prefix is so many bits longer.",
  parameters: [PREFIX, { name: "newbits", type: NUMBER }, { name: "netnum", type: NUMBER }],
  returns: STRING,
  call(args) {
    const { first, prefix, bits } = blockAt(args, 0);
    const more = wholeAt(args, 1);
    const number = BigInt(wholeAt(args, 2));
    if (more < 0 || more > 32) throw new FunctionFault("a prefix can be made 0 to 32 bits longer", 1);
    if (prefix + more > bits)
      throw new FunctionFault(
        `a prefix of ${prefix} cannot be made ${more} bits longer: an address has only ${bits}`,
        1,
      );
    if (number < 0n || number >= 1n << BigInt(more))
      throw new FunctionFault(`with ${more} bits more there is no subnet ${number}`, 2);
    const longer = prefix + more;
    return stringValue(blockText({ first: first + (number << BigInt(bits - longer)), prefix: longer, bits }));
  },
});

const cidrsubnets = define({
  name: "cidrsubnets",
  doc: "Blocks one after the other in a block, each with a prefix so many bits longer.",
  parameters: [PREFIX],
  variadic: { name: "newbits", type: NUMBER },
  returns: listOf(STRING),
  call(args) {
    const { first, prefix, bits } = blockAt(args, 0);
    const end = first + (1n << BigInt(bits - prefix));
    let next = first;
    const blocks = args.slice(1).map((_, index) => {
      const more = wholeAt(args, index + 1);
      if (more < 1 || more > 32) throw new FunctionFault("a prefix can be made 1 to 32 bits longer", index + 1);
      const longer = prefix + more;
      if (longer > bits)
        throw new FunctionFault(
          `a prefix of ${prefix} cannot be made ${more} bits longer: an address has only ${bits}`,
          index + 1,
        );
      const size = 1n << BigInt(bits - longer);
      const start = ((next + size - 1n) / size) * size;
      next = start + size;
      if (next > end) throw new FunctionFault("there is not enough room left for this block", index + 1);
      return stringValue(blockText({ first: start, prefix: longer, bits }));
    });
    return listValue(STRING, blocks);
  },
});

const cidrcontains = define({
  name: "cidrcontains",
  doc: "Whether an address, or a whole block, lies in a block.",
  parameters: [
    { name: "containing_prefix", type: STRING },
    { name: "contained_ip_or_prefix", type: STRING },
  ],
  returns: BOOL,
  call(args) {
    const outer = blockAt(args, 0);
    const text = textAt(args, 1);
    const address = text.includes("/") ? undefined : parseAddress(text);
    const inner = address ? { first: address.number, prefix: address.bits, bits: address.bits } : blockAt(args, 1);
    if (inner.bits !== outer.bits) return boolValue(false);
    const rest = BigInt(outer.bits - outer.prefix);
    return boolValue(inner.prefix >= outer.prefix && inner.first >> rest === outer.first >> rest);
  },
});

/** Functions on blocks of IP addresses. */
export const cidrFunctions: FunctionTable = tableOf([cidrhost, cidrnetmask, cidrsubnet, cidrsubnets, cidrcontains]);

function blockAt(args: readonly Value[], index: number): Block {
  const block = parseBlock(textAt(args, index));
  if (!block)
    throw new FunctionFault(
      `${JSON.stringify(textAt(args, index))} is no address block like 10.0.0.0/8 or fd00::/8`,
      index,
    );
  return block;
}
