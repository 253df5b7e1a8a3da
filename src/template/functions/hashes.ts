import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { HclFunction, Parameter } from "../../hcl/evaluation/scope.ts";
import { define, textAt } from "../../hcl/functions/define.ts";
import { STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";

const TEXT: Parameter = { name: "str", type: STRING };

function hash(name: string, algorithm: string, form: "hex" | "base64"): HclFunction {
  return define({
    name,
    doc: `The ${algorithm} of the text's UTF-8 bytes, as ${form}.`,
    parameters: [TEXT],
    returns: STRING,
    call: (args) => stringValue(createHash(algorithm).update(textAt(args, 0), "utf8").digest(form)),
  });
}

const base64gzip = define({
  name: "base64gzip",
  doc: "The text's UTF-8 bytes compressed with gzip, as base64.",
  parameters: [TEXT],
  returns: STRING,
  call(args) {
    const bytes = gzipSync(textAt(args, 0));
    // The byte that names the system: "unknown", so that the same text gives the same everywhere.
    bytes[9] = 0xff;
    return stringValue(bytes.toString("base64"));
  },
});

/** Functions that hash or compress text. */
export const hashFunctions: readonly HclFunction[] = [
  ...["md5", "sha1", "sha256", "sha512"].map((algorithm) => hash(algorithm, algorithm, "hex")),
  ...["sha256", "sha512"].map((algorithm) => hash(`base64${algorithm}`, algorithm, "base64")),
  base64gzip,
];
