import { createHash, randomUUID } from "node:crypto";
import { FunctionFault, type HclFunction } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";

function random(name: string): HclFunction {
  return define({
    name,
    doc: "A random UUID, different every time.",
    parameters: [],
    returns: STRING,
    call: () => stringValue(randomUUID()),
  });
}

const uuidv5 = define({
  name: "uuidv5",
  doc: "The UUID of a name in a namespace, which is dns, url, oid, x500 or a UUID.",
  parameters: [
    { name: "namespace", type: STRING },
    { name: "name", type: STRING },
  ],
  returns: STRING,
  call(args) {
    const given = textAt(args, 0);
    const namespace = (Object.hasOwn(NAMESPACES, given) ? NAMESPACES[given] : given) ?? "";
    const hex = /^(?:urn:uuid:)?\{?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})\}?$/i.exec(
      namespace,
    );
    if (!hex) throw new FunctionFault("the namespace must be dns, url, oid, x500 or a UUID", 0);
    const bytes = createHash("sha1")
      .update(Buffer.from((hex[1] ?? "").replaceAll("-", ""), "hex"))
      .update(textAt(args, 1), "utf8")
      .digest();
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return stringValue(bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));
  },
});

/** The namespaces of RFC 9562. */
const NAMESPACES: Readonly<Record<string, string>> = {
  dns: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  url: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
  oid: "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
  x500: "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
};

/** Functions that make identifiers. */
export const identifierFunctions: readonly HclFunction[] = [random("uuidv4"), random("uuid"), uuidv5];
